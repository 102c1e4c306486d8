/** Samples of the core group. */
import type { SampledKind } from './kind.ts';
import { podSpec, podTemplate } from './pods.ts';

const v1 = { apiVersion: 'v1' } as const;

export const coreKinds: readonly SampledKind[] = [
  {
    ...v1,
    kind: 'ConfigMap',
    resource: 'configmaps',
    content: { data: { a: '1', 'b.txt': 'two\nlines\n' }, binaryData: { c: 'AAEC' } },
    change: { data: { a: '2' } },
  },
  {
    ...v1,
    kind: 'Secret',
    resource: 'secrets',
    content: { type: 'kubernetes.io/basic-auth', data: { username: 'YQ==' }, stringData: { password: 'b' } },
    change: { data: { password: 'Yw==' } },
  },
  {
    ...v1,
    kind: 'ServiceAccount',
    resource: 'serviceaccounts',
    content: {
      secrets: [{ name: 's' }],
      imagePullSecrets: [{ name: 'p' }],
      automountServiceAccountToken: false,
    },
    change: { automountServiceAccountToken: true },
  },
  {
    ...v1,
    kind: 'Pod',
    resource: 'pods',
    content: { spec: podSpec },
    change: { spec: { activeDeadlineSeconds: 60 } },
    status: {
      phase: 'Running',
      podIP: '10.1.2.3',
      podIPs: [{ ip: '10.1.2.3' }],
      startTime: '2026-01-01T00:00:00Z',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
      containerStatuses: [
        {
          name: 'main',
          ready: true,
          restartCount: 2,
          image: 'nginx:1.27',
          imageID: 'x',
          state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
          lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:00:00Z' } },
        },
      ],
    },
  },
  {
    ...v1,
    kind: 'PodTemplate',
    resource: 'podtemplates',
    content: { template: podTemplate },
    change: { template: { metadata: { labels: { b: '2' } } } },
  },
  {
    ...v1,
    kind: 'ReplicationController',
    resource: 'replicationcontrollers',
    content: { spec: { replicas: 2, minReadySeconds: 1, selector: { app: 'x' }, template: podTemplate } },
    change: { spec: { replicas: 3 } },
    status: { replicas: 2, readyReplicas: 1, availableReplicas: 1, fullyLabeledReplicas: 2, observedGeneration: 1 },
    scale: true,
  },
  {
    ...v1,
    kind: 'Service',
    resource: 'services',
    content: {
      spec: {
        selector: { app: 'x' },
        type: 'ClusterIP',
        sessionAffinity: 'ClientIP',
        internalTrafficPolicy: 'Local',
        publishNotReadyAddresses: true,
        externalIPs: ['192.0.2.1'],
        ports: [
          { name: 'http', port: 80, targetPort: 'web', appProtocol: 'http' },
          { name: 'dns', port: 53, protocol: 'UDP' },
        ],
      },
    },
    change: { spec: { ports: [{ name: 'http', port: 81 }] } },
    status: {
      loadBalancer: {},
      conditions: [
        { type: 'A', status: 'True', reason: 'R', message: 'm', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
    },
  },
  {
    ...v1,
    kind: 'Endpoints',
    resource: 'endpoints',
    content: {
      subsets: [
        {
          addresses: [
            { ip: '10.1.2.4', hostname: 'a', nodeName: 'n', targetRef: { kind: 'Pod', name: 'p' } },
            { ip: '10.1.2.3' },
          ],
          notReadyAddresses: [{ ip: '10.1.2.5' }],
          ports: [{ name: 'http', port: 80 }],
        },
      ],
    },
    change: { subsets: [{ addresses: [{ ip: '10.1.2.9' }], ports: [{ port: 80 }] }] },
  },
  {
    ...v1,
    kind: 'Event',
    resource: 'events',
    content: {
      involvedObject: {
        kind: 'Pod',
        name: 'p',
        namespace: '<here>',
        uid: '11111111-1111-4111-8111-111111111111',
        apiVersion: 'v1',
      },
      reason: 'Started',
      message: 'it has started',
      source: { component: 'kubelet', host: 'n' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 3,
      type: 'Normal',
    },
    change: { count: 4 },
  },
  {
    ...v1,
    kind: 'PersistentVolumeClaim',
    resource: 'persistentvolumeclaims',
    content: {
      spec: {
        accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
        storageClassName: 'fast',
        volumeMode: 'Block',
        selector: { matchLabels: { a: 'b' } },
        resources: { requests: { storage: '1Gi' }, limits: { storage: '2Gi' } },
      },
    },
    change: { metadata: { annotations: { a: '1' } } },
    status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
  },
  {
    ...v1,
    kind: 'LimitRange',
    resource: 'limitranges',
    content: {
      spec: {
        limits: [
          {
            type: 'Container',
            max: { cpu: '2' },
            min: { cpu: '100m' },
            default: { cpu: '1' },
            defaultRequest: { cpu: '0.5' },
          },
          { type: 'Pod', max: { memory: '1Gi' }, maxLimitRequestRatio: { memory: '2' } },
          { type: 'PersistentVolumeClaim', max: { storage: '1Gi' }, min: { storage: '1Mi' } },
        ],
      },
    },
    change: { spec: { limits: [{ type: 'Pod', max: { memory: '2Gi' } }] } },
  },
  {
    ...v1,
    kind: 'ResourceQuota',
    resource: 'resourcequotas',
    content: {
      spec: {
        hard: { pods: '10', 'requests.cpu': '1500m', 'count/deployments.apps': '3' },
        scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
      },
    },
    change: { spec: { hard: { pods: '11' } } },
    status: { hard: { pods: '10' }, used: { pods: '1' } },
  },
  {
    ...v1,
    kind: 'Namespace',
    resource: 'namespaces',
    clusterScoped: true,
    content: {},
    change: { metadata: { annotations: { a: '1' } } },
    status: {
      phase: 'Active',
      conditions: [
        { type: 'X', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'R', message: 'm' },
      ],
    },
  },
  {
    ...v1,
    kind: 'Node',
    resource: 'nodes',
    clusterScoped: true,
    content: {
      spec: {
        podCIDR: '10.2.0.0/24',
        podCIDRs: ['10.2.0.0/24'],
        providerID: 'x://1',
        unschedulable: true,
        taints: [{ key: 'a', effect: 'NoSchedule' }],
      },
    },
    change: { spec: { unschedulable: null } },
    status: {
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      allocatable: { cpu: '4', memory: '7Gi', pods: '110' },
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'R',
          message: 'm',
          lastHeartbeatTime: '2026-01-01T00:00:00Z',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
      addresses: [
        { type: 'InternalIP', address: '192.0.2.7' },
        { type: 'Hostname', address: 'n' },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.35.3',
        osImage: 'os',
        kernelVersion: '6.1',
        containerRuntimeVersion: 'containerd://2',
        machineID: 'm',
        systemUUID: 's',
        bootID: 'b',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  },
  {
    ...v1,
    kind: 'PersistentVolume',
    resource: 'persistentvolumes',
    clusterScoped: true,
    content: {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Recycle',
        storageClassName: 'slow',
        mountOptions: ['hard'],
        nfs: { server: 's', path: '/p' },
        claimRef: { kind: 'PersistentVolumeClaim', namespace: 'n', name: 'c' },
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }] },
        },
      },
    },
    change: { spec: { persistentVolumeReclaimPolicy: 'Retain' } },
    status: { phase: 'Bound', message: 'm', reason: 'R' },
  },
];
