import { describe, expect, it } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { interpreterOf } from '../interpreter.ts';
import { nativeSource } from './native.ts';
import { object } from './object.fixture.ts';

const interpreter = interpreterOf([nativeSource]);
const template = (spec: object) => ({ template: { spec } });

describe('replicas', () => {
  const asks = { containers: [{ name: 'a', resources: { requests: { cpu: '100m' } } }], nodeSelector: { disk: 'ssd' } };
  const requirements = { nodeClaim: { nodeSelector: { disk: 'ssd' } }, resourceRequest: { cpu: '100m' } };

  it.each([
    [
      'Deployment',
      object('apps/v1/Deployment', { spec: { replicas: 3, ...template(asks) } }),
      { replicas: 3, requirements },
    ],
    [
      'Deployment whose limits are requests where it states none',
      object('apps/v1/Deployment', {
        spec: {
          replicas: 1,
          ...template({
            containers: [{ resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '500m' } } }],
            initContainers: [{ resources: { limits: { cpu: '3' } } }],
          }),
        },
      }),
      { replicas: 1, requirements: { resourceRequest: { cpu: '3', memory: '1Gi' } } },
    ],
    ['ReplicaSet', object('apps/v1/ReplicaSet', { spec: { replicas: 2 } }), { replicas: 2 }],
    ['StatefulSet', object('apps/v1/StatefulSet', { spec: { replicas: 0 } }), { replicas: 0 }],
    ['Job: the parallelism', object('batch/v1/Job', { spec: { parallelism: 3 } }), { replicas: 3 }],
    [
      'Job: never more than its completions',
      object('batch/v1/Job', { spec: { parallelism: 3, completions: 2 } }),
      { replicas: 2 },
    ],
    ['Job: one when it says nothing', object('batch/v1/Job', { spec: {} }), { replicas: 1 }],
    ['Pod', object('v1/Pod', { spec: asks }), { replicas: 1, requirements }],
    ['DaemonSet: no workload to divide', object('apps/v1/DaemonSet', { spec: {} }), undefined],
    ['CronJob', object('batch/v1/CronJob', { spec: {} }), undefined],
    ['ConfigMap', object('v1/ConfigMap'), undefined],
    ['an older version', object('apps/v1beta1/Deployment', { spec: { replicas: 3 } }), undefined],
  ])('of a %s', async (_what, given, expected) => {
    expect(await interpreter.getReplicas(given)).toEqual(expected);
  });

  it.each([
    ['Deployment', object('apps/v1/Deployment', { spec: { replicas: 3 } }), { replicas: 5 }],
    ['ReplicaSet', object('apps/v1/ReplicaSet', { spec: { replicas: 3 } }), { replicas: 5 }],
    ['StatefulSet', object('apps/v1/StatefulSet', { spec: { replicas: 3 } }), { replicas: 5 }],
    ['Job', object('batch/v1/Job', { spec: { parallelism: 3, completions: 9 } }), { parallelism: 5, completions: 9 }],
  ])('are revised in a %s', async (_what, given, spec) => {
    expect((await interpreter.reviseReplica(given, 5)).spec).toEqual(spec);
  });

  it.each([
    ['Deployment', object('apps/v1/Deployment', { spec: {} })],
    ['Job', object('batch/v1/Job', { spec: { completions: 2 } })],
    ['Pod', object('v1/Pod', { spec: {} })],
  ])('are not revised where a %s has no such field', async (_what, given) => {
    expect(await interpreter.reviseReplica(given, 5)).toBe(given);
  });
});

describe('retain', () => {
  const retained = { 'resourcetemplate.karmada.io/retain-replicas': 'true' };
  const pod = (spec: object) => object('v1/Pod', { spec });

  it.each<[string, UnstructuredObject, UnstructuredObject, object]>([
    [
      'replicas of a Deployment with the label',
      object('apps/v1/Deployment', { spec: { replicas: 1 } }, { labels: retained }),
      object('apps/v1/Deployment', { spec: { replicas: 7 } }),
      { spec: { replicas: 7 } },
    ],
    [
      'not those of any other Deployment',
      object('apps/v1/Deployment', { spec: { replicas: 1 } }),
      object('apps/v1/Deployment', { spec: { replicas: 7 } }, { labels: retained }),
      { spec: { replicas: 1 } },
    ],
    [
      'what scheduling and admission wrote into a Pod',
      pod({ containers: [{ name: 'a', image: 'a:2' }], initContainers: [{ name: 'i' }, { name: 'new' }] }),
      pod({
        nodeName: 'n1',
        serviceAccountName: 'default',
        volumes: [{ name: 'token' }],
        containers: [{ name: 'a', image: 'a:1', volumeMounts: [{ name: 'token' }] }],
        initContainers: [{ name: 'i', volumeMounts: [] }],
        priority: 0,
      }),
      {
        spec: {
          nodeName: 'n1',
          serviceAccountName: 'default',
          volumes: [{ name: 'token' }],
          containers: [{ name: 'a', image: 'a:2', volumeMounts: [{ name: 'token' }] }],
          initContainers: [{ name: 'i', volumeMounts: [] }, { name: 'new' }],
        },
      },
    ],
    [
      'the addresses of a Service',
      object('v1/Service', { spec: { type: 'LoadBalancer', ports: [] } }),
      object('v1/Service', { spec: { clusterIP: '10.0.0.1', healthCheckNodePort: 30_000, ports: [1] } }),
      { spec: { type: 'LoadBalancer', ports: [], clusterIP: '10.0.0.1', healthCheckNodePort: 30_000 } },
    ],
    [
      'tokens of a ServiceAccount beside ours',
      object('v1/ServiceAccount', { secrets: [{ name: 'ours' }] }),
      object('v1/ServiceAccount', {
        secrets: [{ name: 'token' }, { name: 'ours' }],
        imagePullSecrets: [{ name: 'pull' }],
      }),
      { secrets: [{ name: 'ours' }, { name: 'token' }], imagePullSecrets: [{ name: 'pull' }] },
    ],
    [
      'the data of a token',
      object('v1/Secret', { type: 'kubernetes.io/service-account-token' }),
      object('v1/Secret', { type: 'kubernetes.io/service-account-token', data: { token: 'dA==' } }),
      { data: { token: 'dA==' } },
    ],
    [
      'no other data',
      object('v1/Secret', { type: 'Opaque', data: { a: 'YQ==' } }),
      object('v1/Secret', { type: 'Opaque', data: { a: 'Yg==' } }),
      { data: { a: 'YQ==' } },
    ],
    [
      'the volume of a claim',
      object('v1/PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'] } }),
      object('v1/PersistentVolumeClaim', { spec: { volumeName: 'pv-1', storageClassName: 'fast' } }),
      { spec: { accessModes: ['ReadWriteOnce'], volumeName: 'pv-1' } },
    ],
    [
      'the claim of a volume',
      object('v1/PersistentVolume', { spec: { capacity: {} } }),
      object('v1/PersistentVolume', { spec: { claimRef: { name: 'data' }, mountOptions: [] } }),
      { spec: { capacity: {}, claimRef: { name: 'data' } } },
    ],
    [
      'the selector and labels a member generated for a Job',
      object('batch/v1/Job', { spec: { template: { metadata: { labels: { app: 'a' } } } } }),
      object('batch/v1/Job', {
        spec: {
          selector: { matchLabels: { 'controller-uid': 'u' } },
          template: { metadata: { labels: { 'controller-uid': 'u', 'job-name': 'web', stale: 'x' } } },
        },
      }),
      {
        spec: {
          selector: { matchLabels: { 'controller-uid': 'u' } },
          template: { metadata: { labels: { app: 'a', 'controller-uid': 'u', 'job-name': 'web' } } },
        },
      },
    ],
  ])('%s', async (_what, desired, observed, expected) => {
    expect(await interpreter.retain(desired, observed)).toEqual({ ...desired, ...expected });
  });

  it('nothing of kinds it does not know', async () => {
    const desired = object('v1/ConfigMap');
    expect(await interpreter.retain(desired, object('v1/ConfigMap', { data: { a: 'b' } }))).toBe(desired);
  });
});

describe('health', () => {
  const rolled = { observedGeneration: 2, updatedReplicas: 3, availableReplicas: 3 };
  const workload = (kind: string, status: object) =>
    object(`apps/v1/${kind}`, { spec: { replicas: 3 }, status }, { generation: 2 });
  const balanced = (entry: object) => ({ loadBalancer: { ingress: [entry] } });
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
  const everywhere = {
    observedGeneration: 2,
    desiredNumberScheduled: 2,
    updatedNumberScheduled: 2,
    numberAvailable: 2,
  };

  it.each<[string, UnstructuredObject, boolean]>([
    ['a Deployment rolled out', workload('Deployment', rolled), true],
    ['one whose spec was not seen', workload('Deployment', { ...rolled, observedGeneration: 1 }), false],
    ['one with old Pods', workload('Deployment', { ...rolled, updatedReplicas: 2 }), false],
    ['one whose Pods are not available', workload('Deployment', { ...rolled, availableReplicas: 2 }), false],
    ['one without a status', object('apps/v1/Deployment', { spec: { replicas: 1 } }, { generation: 1 }), false],
    ['a StatefulSet rolled out', workload('StatefulSet', rolled), true],
    ['a StatefulSet with old Pods', workload('StatefulSet', { ...rolled, updatedReplicas: 1 }), false],
    ['a ReplicaSet with its Pods', workload('ReplicaSet', { observedGeneration: 2, availableReplicas: 3 }), true],
    ['a ReplicaSet without', workload('ReplicaSet', { observedGeneration: 2, availableReplicas: 2 }), false],
    ['a DaemonSet on every node', workload('DaemonSet', everywhere), true],
    ['a DaemonSet on some', workload('DaemonSet', { ...everywhere, numberAvailable: 1 }), false],
    ['a Service in the cluster', object('v1/Service', { spec: { type: 'ClusterIP' } }), true],
    [
      'a balanced Service with an address',
      object('v1/Service', { spec: { type: 'LoadBalancer' }, status: balanced({ ip: '1.2.3.4' }) }),
      true,
    ],
    ['a balanced Service without', object('v1/Service', { spec: { type: 'LoadBalancer' } }), false],
    ['an Ingress with a name', object('networking.k8s.io/v1/Ingress', { status: balanced({ hostname: 'a.b' }) }), true],
    ['an Ingress without', object('networking.k8s.io/v1/Ingress', { status: { loadBalancer: {} } }), false],
    ['a bound claim', object('v1/PersistentVolumeClaim', { status: { phase: 'Bound' } }), true],
    ['a pending claim', object('v1/PersistentVolumeClaim', { status: { phase: 'Pending' } }), false],
    ['a Pod that is ready', object('v1/Pod', { status: { phase: 'Running', ...ready } }), true],
    ['a Pod that is not', object('v1/Pod', { status: { phase: 'Running' } }), false],
    ['a Pod that ended well', object('v1/Pod', { status: { phase: 'Succeeded' } }), true],
    ['a Pod that failed', object('v1/Pod', { status: { phase: 'Failed', ...ready } }), false],
    [
      'a budget that is kept',
      object('policy/v1/PodDisruptionBudget', { status: { currentHealthy: 2, desiredHealthy: 2 } }),
      true,
    ],
    [
      'a budget that is not',
      object('policy/v1/PodDisruptionBudget', { status: { currentHealthy: 1, desiredHealthy: 2 } }),
      false,
    ],
    ['a Job, which has no rule', object('batch/v1/Job', { status: { failed: 3 } }), true],
    ['any other kind', object('v1/ConfigMap'), true],
  ])('of %s', async (_what, given, healthy) => {
    expect(await interpreter.interpretHealth(given)).toBe(healthy ? 'Healthy' : 'Unhealthy');
  });
});

describe('dependencies', () => {
  const ref = (kind: string, name: string) => ({ apiVersion: 'v1', kind, namespace: 'default', name });
  const spec = {
    serviceAccountName: 'robot',
    imagePullSecrets: [{ name: 'pull' }],
    initContainers: [{ name: 'i', envFrom: [{ configMapRef: { name: 'base' } }, { secretRef: { name: 'keys' } }] }],
    containers: [
      {
        name: 'a',
        env: [
          { name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } },
          { name: 'B', valueFrom: { secretKeyRef: { name: 'keys', key: 'b' } } },
          { name: 'C', value: 'plain' },
        ],
      },
    ],
    volumes: [
      { name: 'files', configMap: { name: 'settings' } },
      { name: 'all', projected: { sources: [{ configMap: { name: 'more' } }, { secret: { name: 'cert' } }] } },
      { name: 'share', azureFile: { secretName: 'share' } },
      { name: 'driver', csi: { nodePublishSecretRef: { name: 'driver' } } },
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'scratch', emptyDir: {} },
    ],
  };
  const needed = [
    ...['base', 'more', 'settings'].map((name) => ref('ConfigMap', name)),
    ...['cert', 'driver', 'keys', 'pull', 'share'].map((name) => ref('Secret', name)),
    ref('ServiceAccount', 'robot'),
    ref('PersistentVolumeClaim', 'data'),
  ];
  const claimed = { ...template(spec), volumeClaimTemplates: [{ metadata: { name: 'data' } }] };

  it.each<[string, UnstructuredObject, readonly object[]]>([
    ['Pod', object('v1/Pod', { spec }), needed],
    ['Deployment', object('apps/v1/Deployment', { spec: template(spec) }), needed],
    ['ReplicaSet', object('apps/v1/ReplicaSet', { spec: template(spec) }), needed],
    ['DaemonSet', object('apps/v1/DaemonSet', { spec: template(spec) }), needed],
    ['Job', object('batch/v1/Job', { spec: template(spec) }), needed],
    ['CronJob', object('batch/v1/CronJob', { spec: { jobTemplate: { spec: template(spec) } } }), needed],
    ['StatefulSet, less the claims it makes', object('apps/v1/StatefulSet', { spec: claimed }), needed.slice(0, -1)],
    ['Pod with the default account', object('v1/Pod', { spec: { serviceAccountName: 'default', containers: [] } }), []],
    [
      'Ingress',
      object('networking.k8s.io/v1/Ingress', { spec: { tls: [{ secretName: 'cert' }, { hosts: ['a'] }] } }),
      [ref('Secret', 'cert')],
    ],
    [
      'ServiceImport',
      object('multicluster.x-k8s.io/v1alpha1/ServiceImport'),
      [
        ref('Service', 'derived-web'),
        {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          namespace: 'default',
          labelSelector: { matchLabels: { 'kubernetes.io/service-name': 'derived-web' } },
        },
      ],
    ],
    ['ConfigMap', object('v1/ConfigMap'), []],
  ])('of a %s', async (_what, given, expected) => {
    expect(await interpreter.getDependencies(given)).toEqual(expected);
  });
});
