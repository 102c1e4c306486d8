/** Samples of networking, discovery and RBAC. */
import type { SampledKind } from './kind.ts';

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' } as const;
const rules = [
  { apiGroups: ['', 'apps'], resources: ['pods', 'deployments/scale'], verbs: ['get', 'list'], resourceNames: ['a'] },
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
];
const subjects = [
  { kind: 'User', name: 'u', apiGroup: 'rbac.authorization.k8s.io' },
  { kind: 'Group', name: 'g' },
  { kind: 'ServiceAccount', name: 's', namespace: 'n' },
];

export const networkKinds: readonly SampledKind[] = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    resource: 'ingresses',
    content: {
      spec: {
        ingressClassName: 'c',
        defaultBackend: { resource: { apiGroup: 'example.com', kind: 'Bucket', name: 'b' } },
        tls: [{ hosts: ['a.example.com'], secretName: 's' }],
        rules: [
          {
            host: 'a.example.com',
            http: {
              paths: [
                { path: '/x', pathType: 'Exact', backend: { service: { name: 's', port: { name: 'http' } } } },
                { pathType: 'ImplementationSpecific', backend: { service: { name: 's', port: { number: 80 } } } },
              ],
            },
          },
          { host: '*.b.example.com' },
        ],
      },
    },
    change: { spec: { ingressClassName: 'd' } },
    status: {
      loadBalancer: {
        ingress: [{ ip: '192.0.2.9' }, { hostname: 'lb.example.com', ports: [{ port: 80, protocol: 'TCP' }] }],
      },
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    resource: 'ingressclasses',
    clusterScoped: true,
    annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
    content: {
      spec: {
        controller: 'example.com/c',
        parameters: { apiGroup: 'example.com', kind: 'P', name: 'p', scope: 'Namespace', namespace: 'n' },
      },
    },
    change: { spec: { parameters: { name: 'q' } } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    resource: 'networkpolicies',
    content: {
      spec: {
        podSelector: { matchLabels: { app: 'x' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [
              { podSelector: {} },
              { namespaceSelector: { matchLabels: { a: 'b' } } },
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
            ],
            ports: [
              { port: 80, endPort: 90 },
              { protocol: 'UDP', port: 'dns' },
            ],
          },
        ],
        egress: [{ to: [{ podSelector: { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] } }] }],
      },
    },
    change: { spec: { policyTypes: ['Ingress'] } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    resource: 'servicecidrs',
    clusterScoped: true,
    content: { spec: { cidrs: ['10.97.0.0/24'] } },
    change: { metadata: { annotations: { a: '1' } } },
    status: {
      conditions: [
        { type: 'X', status: 'False', reason: 'R', message: 'm', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    resource: 'ipaddresses',
    clusterScoped: true,
    name: '192.0.2.200',
    content: { spec: { parentRef: { group: '', resource: 'services', namespace: 'n', name: 's' } } },
    change: { metadata: { annotations: { a: '1' } } },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    resource: 'endpointslices',
    content: {
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.1.2.3'],
          conditions: { ready: true, serving: true, terminating: false },
          hostname: 'h',
          nodeName: 'n',
          zone: 'z',
          hints: { forZones: [{ name: 'z' }] },
          targetRef: { kind: 'Pod', name: 'p' },
        },
        { addresses: ['10.1.2.4'] },
      ],
      ports: [
        { name: 'http', port: 80, appProtocol: 'http' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    },
    change: { endpoints: [{ addresses: ['10.1.2.5'] }] },
  },
  {
    ...rbac,
    kind: 'Role',
    resource: 'roles',
    content: { rules },
    change: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  },
  {
    ...rbac,
    kind: 'RoleBinding',
    resource: 'rolebindings',
    content: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects },
    change: { subjects: [{ kind: 'User', name: 'v' }] },
  },
  {
    ...rbac,
    kind: 'ClusterRole',
    resource: 'clusterroles',
    clusterScoped: true,
    content: { rules: [...rules, { nonResourceURLs: ['/healthz/*'], verbs: ['get'] }] },
    change: { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] },
  },
  {
    ...rbac,
    kind: 'ClusterRoleBinding',
    resource: 'clusterrolebindings',
    clusterScoped: true,
    content: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects },
    change: { subjects: [{ kind: 'User', name: 'v' }] },
  },
];
