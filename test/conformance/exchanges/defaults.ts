/** What a server fills in: without the same defaults a control plane and its members would differ for ever. */
import type { Hand, Script } from './hand.ts';
import { configMap, deployment, object, service } from './samples.ts';

const http = { httpGet: { port: 80 } };

async function pods(hand: Hand): Promise<void> {
  await hand.create(deployment('plain'));
  await hand.create(
    deployment(
      'probed',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0 } } },
      {
        livenessProbe: http,
        readinessProbe: { tcpSocket: { port: 'http' } },
        startupProbe: { grpc: { port: 9000 } },
        lifecycle: { preStop: { httpGet: { port: 80 } }, postStart: { exec: { command: ['true'] } } },
        ports: [
          { name: 'http', containerPort: 80 },
          { containerPort: 81, hostPort: 0 },
        ],
        resources: {
          requests: { cpu: '0.5', memory: '1024Mi' },
          limits: { cpu: '1000m', memory: '1.5Gi', 'x.io/y': 2 },
        },
        env: [
          { name: 'EMPTY' },
          { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          { name: 'KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        ],
        envFrom: [{ configMapRef: { name: 'c' } }],
        imagePullPolicy: 'Never',
        securityContext: {},
      },
    ),
  );
  const volumes = [
    { name: 'a', secret: { secretName: 's' } },
    { name: 'b', configMap: { name: 'c' } },
    { name: 'c', downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.name' } }] } },
    { name: 'd', hostPath: { path: '/x' } },
    { name: 'e', emptyDir: { sizeLimit: '0.5Gi' } },
    { name: 'f', projected: { sources: [{ serviceAccountToken: { path: 't' } }, { configMap: { name: 'c' } }] } },
    { name: 'g', persistentVolumeClaim: { claimName: 'p' } },
    { name: 'h', nfs: { server: 's', path: '/' } },
    { name: 'i' },
    {
      name: 'j',
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      },
    },
    { name: 'k', csi: { driver: 'd' } },
  ];
  await hand.create(
    object('apps/v1', 'Deployment', 'podspec', {
      spec: {
        selector: { matchLabels: { app: 'podspec' } },
        progressDeadlineSeconds: 30,
        template: {
          metadata: { labels: { app: 'podspec' }, annotations: {} },
          spec: {
            volumes,
            initContainers: [
              {
                name: 'init',
                image: 'busybox',
                restartPolicy: 'Always',
                volumeMounts: [{ name: 'a', mountPath: '/a' }],
              },
            ],
            containers: [
              {
                name: 'main',
                image: 'registry:5000/x@sha256:0000000000000000000000000000000000000000000000000000000000000000',
                env: [],
                args: [],
              },
            ],
            serviceAccountName: 'runner',
            hostNetwork: false,
            affinity: {},
            nodeSelector: {},
            tolerations: [],
            topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
            securityContext: { runAsUser: 1000 },
          },
        },
      },
    }),
  );
  await hand.create(deployment('recreate', { strategy: { type: 'Recreate' }, revisionHistoryLimit: 0, paused: false }));
  await hand.create(
    deployment('hosted', {
      template: {
        metadata: { labels: { app: 'hosted' } },
        spec: { hostNetwork: true, containers: [{ name: 'main', image: 'x', ports: [{ containerPort: 80 }] }] },
      },
    }),
  );
}

async function workloads(hand: Hand): Promise<void> {
  const template = (name: string, spec: object = {}) => ({
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'nginx:1.27' }], ...spec },
  });
  const selector = (name: string) => ({ matchLabels: { app: name } });
  await hand.create(
    object('apps/v1', 'DaemonSet', 'each', { spec: { selector: selector('each'), template: template('each') } }),
  );
  await hand.create(
    object('apps/v1', 'StatefulSet', 'state', {
      spec: {
        serviceName: 'state',
        selector: selector('state'),
        template: template('state'),
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
          },
        ],
      },
    }),
  );
  await hand.create(
    object('apps/v1', 'ReplicaSet', 'set', { spec: { selector: selector('set'), template: template('set') } }),
  );
  const job = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } };
  await hand.create(object('batch/v1', 'Job', 'once', { spec: { ...job, suspend: true } }));
  await hand.create(
    object('batch/v1', 'Job', 'indexed', {
      spec: { ...job, completionMode: 'Indexed', completions: 3, parallelism: 2, suspend: true },
    }),
  );
  await hand.create(
    object('batch/v1', 'CronJob', 'often', { spec: { schedule: '*/5 * * * *', jobTemplate: { spec: job } } }),
  );
  await hand.create(
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'scaler', {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' }, maxReplicas: 3 },
    }),
  );
  await hand.create(
    object('policy/v1', 'PodDisruptionBudget', 'budget', { spec: { minAvailable: 1, selector: selector('x') } }),
  );
}

async function others(hand: Hand): Promise<void> {
  await hand.create(service('cluster', { clusterIP: 'None' }));
  await hand.create(service('allocated'));
  await hand.create(
    service('node', {
      type: 'NodePort',
      ports: [
        { port: 80, nodePort: 30080 },
        { name: 'u', port: 53, protocol: 'UDP', targetPort: 'dns', nodePort: 30053 },
      ],
    }),
  );
  await hand.create(
    service('balanced', {
      type: 'LoadBalancer',
      ports: [{ port: 80, nodePort: 30081 }],
      allocateLoadBalancerNodePorts: true,
      sessionAffinity: 'ClientIP',
    }),
  );
  await hand.create(object('v1', 'Service', 'named', { spec: { type: 'ExternalName', externalName: 'example.com' } }));
  await hand.create(object('v1', 'Service', 'bare', { spec: { ports: [{ port: 80 }], clusterIP: 'None' } }));
  await hand.create({ ...configMap('map', { a: '' }), binaryData: { b: 'AAE=' } });
  await hand.create(object('v1', 'ConfigMap', 'nothing', {}));
  await hand.create(object('v1', 'Secret', 'text', { stringData: { a: 'x' }, data: { b: 'eQ==' } }));
  await hand.patch(object('v1', 'Secret', 'text'), 'merge', { stringData: { a: 'z' } });
  await hand.create(object('v1', 'ServiceAccount', 'runner', {}));
  await hand.create(
    object('v1', 'PersistentVolumeClaim', 'claim', {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0.5Gi' } } },
    }),
  );
  const backend = { service: { name: 'x', port: { number: 80 } } };
  await hand.create(
    object('networking.k8s.io/v1', 'Ingress', 'entry', {
      spec: { rules: [{ host: 'a.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
    }),
  );
  await hand.create(
    object('networking.k8s.io/v1', 'NetworkPolicy', 'deny', {
      spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }], egress: [{}] },
    }),
  );
  await hand.create(
    object('rbac.authorization.k8s.io/v1', 'Role', 'role', {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    }),
  );
  await hand.create(
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'bound', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'role' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    }),
  );
}

export const defaultScripts: readonly Script[] = [
  { name: 'defaults-pods', run: pods },
  { name: 'defaults-workloads', run: workloads },
  { name: 'defaults-others', run: others },
];
