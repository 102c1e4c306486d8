/** More of the real controllers on our API server; the part of the kubelet, what becomes of a Pod, is played by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Anything, Kubectl } from '#harness/kubectl.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { until } from '#harness/until.ts';
import { type ManagedCluster, managerBinary, startManaged } from './controllers.ts';

const controllers = [
  'job-controller',
  'cronjob-controller',
  'daemonset-controller',
  'replicaset-controller',
  'deployment-controller',
  'endpointslice-controller',
  'endpoints-controller',
  'disruption-controller',
  'resourcequota-controller',
  'garbage-collector-controller',
  'persistentvolume-binder-controller',
  'persistentvolumeclaim-protection-controller',
  'serviceaccount-controller',
  'ttl-after-finished-controller',
  'certificatesigningrequest-cleaner-controller',
];

const labels = { app: 'web' };
const container = { name: 'c', image: 'nginx:1', ports: [{ containerPort: 80 }] };
const podTemplate = { metadata: { labels }, spec: { containers: [container] } };
const called = (namespace: string, name: string) => ({ metadata: { namespace, name } });

describe.skipIf(absentBinaries().includes(managerBinary))(
  'the real controllers on our API server',
  { timeout: 180_000 },
  () => {
    let cluster: ManagedCluster;
    let hands: Kubectl;

    beforeAll(async () => {
      cluster = await startManaged(controllers);
      hands = cluster.hands;
    });
    afterAll(() => cluster?.stop());

    /** Pods are admitted once their namespace has its account. */
    const inNamespace = async (name: string) => {
      await hands.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      await until('the account', () =>
        hands.find({ apiVersion: 'v1', kind: 'ServiceAccount', ...called(name, 'default') }),
      );
    };

    /** As a kubelet and the node controller leave it: Ready, and without the taint it is born with. */
    const joins = async (name: string) => {
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
      await hands.create(node);
      await hands.say(node, { conditions: [{ type: 'Ready', status: 'True' }] });
      await hands.patch(node, { spec: { taints: null } });
    };
    /** What a kubelet would write. */
    const becomes = ({ metadata }: Anything, status: Anything) =>
      hands.say({ apiVersion: 'v1', kind: 'Pod', metadata }, status);
    const running = (ip: string) => ({
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: 'Ready', status: 'True' }],
    });

    test('a Job counts its Pods to the end, and goes when its time is over', async () => {
      await inNamespace('jobs');
      const job = { apiVersion: 'batch/v1', kind: 'Job', ...called('jobs', 'once') };
      const template = { spec: { restartPolicy: 'Never', containers: [container] } };
      await hands.create({ ...job, spec: { completions: 2, parallelism: 2, ttlSecondsAfterFinished: 0, template } });
      const pods = await cluster.counted('v1', 'Pod', 'jobs', 2);
      expect(pods[0].metadata.finalizers).toEqual(['batch.kubernetes.io/job-tracking']);
      for (const pod of pods) await becomes(pod, { phase: 'Succeeded' });
      await until('the end of the Job', async () => (await hands.find(job)) === undefined);
      await cluster.counted('v1', 'Pod', 'jobs', 0);
    });

    test('a CronJob makes a Job when its time comes', async () => {
      await inNamespace('clock');
      const jobTemplate = { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } };
      const often = { apiVersion: 'batch/v1', kind: 'CronJob', ...called('clock', 'often') };
      await hands.create({ ...often, spec: { schedule: '* * * * *', jobTemplate } });
      // A minute at the most, and what a busy machine takes.
      const made = await until('a Job', async () => (await hands.list('batch/v1', 'Job', 'clock')).at(0), 120_000);
      expect(made.metadata.ownerReferences[0]).toMatchObject({ kind: 'CronJob', name: 'often', controller: true });
    });

    test('a Service gets its EndpointSlices, with the Pods that are ready', async () => {
      await inNamespace('services');
      await joins('node-one');
      const service = { apiVersion: 'v1', kind: 'Service', ...called('services', 'web') };
      await hands.create({ ...service, spec: { selector: labels, ports: [{ port: 80 }] } });
      await hands.create({
        apiVersion: 'v1',
        kind: 'Pod',
        spec: { ...podTemplate.spec, nodeName: 'node-one' },
        metadata: { namespace: 'services', name: 'one', labels },
      });
      await becomes(called('services', 'one'), running('10.1.2.3'));
      const slice = await until('an endpoint', async () => {
        const [found] = await hands.list('discovery.k8s.io/v1', 'EndpointSlice', 'services');
        return found?.endpoints?.[0]?.conditions?.ready ? found : undefined;
      });
      expect(slice.endpoints[0]).toMatchObject({ addresses: ['10.1.2.3'], targetRef: { kind: 'Pod', name: 'one' } });
      expect(slice.ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }]);
      const old = await until('old Endpoints', () =>
        hands.find({ apiVersion: 'v1', kind: 'Endpoints', ...called('services', 'web') }),
      );
      expect(old.subsets[0].addresses[0].ip).toBe('10.1.2.3');
    });

    test('a DaemonSet puts a Pod on each node', async () => {
      await inNamespace('daemons');
      for (const name of ['node-a', 'node-b']) await joins(name);
      const set = { apiVersion: 'apps/v1', kind: 'DaemonSet', ...called('daemons', 'agent') };
      await hands.create({ ...set, spec: { selector: { matchLabels: labels }, template: podTemplate } });
      const nodes = (await hands.list('v1', 'Node')).length;
      await cluster.counted('v1', 'Pod', 'daemons', nodes);
      const live = await until('its status', async () => {
        const read = await hands.get(set);
        return read.status.currentNumberScheduled === nodes ? read : undefined;
      });
      expect(live.status).toMatchObject({ desiredNumberScheduled: nodes, numberReady: 0, observedGeneration: 1 });
    });

    test('a disruption budget is counted', async () => {
      await inNamespace('budget');
      const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...called('budget', 'web') };
      await hands.create({ ...set, spec: { replicas: 2, selector: { matchLabels: labels }, template: podTemplate } });
      const pods = await cluster.counted('v1', 'Pod', 'budget', 2);
      const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', ...called('budget', 'web') };
      await hands.create({ ...budget, spec: { minAvailable: 1, selector: { matchLabels: labels } } });
      for (const [index, pod] of pods.entries()) await becomes(pod, running(`10.1.3.${index + 1}`));
      const live = await until('one may go', async () => {
        const read = await hands.get(budget);
        return read.status.disruptionsAllowed === 1 ? read : undefined;
      });
      expect(live.status).toMatchObject({ currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 });
    });

    test('a quota says what is used, and is held', async () => {
      await inNamespace('quota');
      const quota = { apiVersion: 'v1', kind: 'ResourceQuota', ...called('quota', 'few') };
      await hands.create({ ...quota, spec: { hard: { configmaps: '2' } } });
      await until('its status', async () => (await hands.get(quota)).status?.hard?.configmaps === '2');
      const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', ...called('quota', name) });
      for (const name of ['a', 'b']) await hands.create(map(name));
      await expect(hands.create(map('c'))).rejects.toThrow(
        'exceeded quota: few, requested: configmaps=1, used: configmaps=2, limited: configmaps=2',
      );
      await hands.delete(map('a'));
      await until('a place', async () => (await hands.get(quota)).status.used.configmaps === '1');
      await hands.create(map('c'));
    });

    test('a claim is bound to a volume, and kept while it is used', async () => {
      await inNamespace('volumes');
      const spec = {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
        storageClassName: '',
      };
      await hands.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk' }, spec });
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...called('volumes', 'data') };
      await hands.create({
        ...claim,
        spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } },
      });
      const bound = await until('a bound claim', async () => {
        const read = await hands.get(claim);
        return read.status.phase === 'Bound' ? read : undefined;
      });
      expect(bound.spec.volumeName).toBe('disk');
      expect(bound.metadata.annotations['pv.kubernetes.io/bind-completed']).toBe('yes');
      await hands.delete(claim);
      await until('the end of the claim', async () => (await hands.find(claim)) === undefined);
      await until('a released volume', async () => {
        const read = await hands.get({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk' } });
        return read.status.phase === 'Released';
      });
    });
  },
);
