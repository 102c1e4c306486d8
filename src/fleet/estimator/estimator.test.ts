/** The estimator of a member that changes: its answers follow nodes, Pods, quotas and workloads. */
import { expect, test } from 'vitest';
import { inProcessClient } from '#client/in-process.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { memoryHandler } from '#harness/memory-handler.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { createEstimator } from './estimator.ts';

const noGates = { ResourceQuotaEstimate: false, SchedulingOvercommitProtection: false };

function memberOf(gates: Partial<typeof noGates> = {}) {
  const clock = simulatedClock();
  const handler = memoryHandler({ clock });
  const client = inProcessClient({ name: 'm1', handler, user: { name: 'estimator', groups: [] }, clock });
  const informers = informerFactory(client, { clock, random: seededRandom(1) });
  const metrics = createMetrics();
  const estimator = createEstimator({ cluster: 'm1', informers, gates: { ...noGates, ...gates }, clock, metrics });
  return { clock, handler, metrics, estimator };
}

const object = (apiVersion: string, kind: string, metadata: KubeObject['metadata'], fields: object): KubeObject => ({
  apiVersion,
  kind,
  metadata,
  ...fields,
});
const node = (name: string, cpu: string) =>
  object('v1', 'Node', { name }, { spec: {}, status: { allocatable: { cpu, pods: '9' } } });
const pod = (
  name: string,
  cpu: string,
  nodeName: string | undefined,
  status: object = { phase: 'Running' },
  owner?: string,
) =>
  object(
    'v1',
    'Pod',
    {
      name,
      namespace: 'shop',
      uid: name,
      ...(owner
        ? {
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }],
          }
        : {}),
    },
    { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], nodeName }, status },
  );
const asking = (cluster = 'm1') => ({
  cluster,
  requirements: { resourceRequest: { cpu: '1' }, namespace: 'shop' },
  assumed: [],
});

test('answers follow what happens in the member', async () => {
  const { clock, handler, estimator } = memberOf();
  handler.put('nodes', node('a', '4'));
  handler.put('pods', pod('p1', '1', 'a'));
  const early = estimator.maxAvailableReplicas(asking());
  await clock.settle();
  expect(await early, 'a question that comes early waits').toBe(3);
  const room = async () => {
    await clock.settle();
    return estimator.maxAvailableReplicas(asking());
  };
  expect(await room()).toBe(3);
  handler.put('pods', pod('p2', '2', undefined, { phase: 'Pending' }));
  expect(await room(), 'a Pod without a node takes nothing yet').toBe(3);
  handler.put('pods', pod('p2', '2', 'a'));
  expect(await room()).toBe(1);
  handler.put('nodes', node('b', '2'));
  expect(await room()).toBe(3);
  handler.put('nodes', node('b', '1'));
  expect(await room()).toBe(2);
  handler.put('pods', pod('p1', '1', 'a', { phase: 'Succeeded' }));
  expect(await room()).toBe(3);
  handler.remove('pods', 'shop/p2');
  handler.remove('nodes', 'b');
  expect(await room()).toBe(4);
});

test('another cluster’s question is refused, and both ends are counted', async () => {
  const { clock, estimator, metrics } = memberOf();
  await clock.settle();
  expect(await estimator.maxAvailableReplicas(asking())).toBe(0);
  await expect(estimator.maxAvailableReplicas(asking('m2'))).rejects.toThrow(
    'cluster name does not match, got: m2, desire: m1',
  );
  const text = metrics.text();
  const requests = 'karmada_scheduler_estimator_estimating_request_total';
  expect(text).toContain(`${requests}{result="success",type="MaxAvailableReplicas"} 1`);
  expect(text).toContain(`${requests}{result="error",type="MaxAvailableReplicas"} 1`);
  expect(text).toContain(
    'estimating_plugin_extension_point_duration_seconds_count{estimating_plugin_extension_point="estimate_replicas"} 1',
  );
});

test('gates: quotas count, and so does what is on its way', async () => {
  const quota = object(
    'v1',
    'ResourceQuota',
    { name: 'q', namespace: 'shop' },
    { spec: {}, status: { hard: { cpu: '2' }, used: { cpu: '1' } } },
  );
  const assumed = [
    {
      namespace: 'bank',
      components: [{ name: '', replicas: 3, replicaRequirements: { resourceRequest: { cpu: '1' } } }],
    },
  ];
  const answer = async (gates: Partial<typeof noGates>, more: { readonly assumed: typeof assumed } | object = {}) => {
    const { clock, handler, estimator } = memberOf(gates);
    handler.put('nodes', node('a', '4'));
    handler.put('resourcequotas', quota);
    handler.put('pods', pod('p', '0', 'a'));
    const synced = estimator.whenSynced();
    await clock.settle();
    await synced;
    const sets = {
      cluster: 'm1',
      namespace: 'shop',
      components: [{ name: 'c', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '1' } } }],
    };
    return [
      await estimator.maxAvailableReplicas({ ...asking(), ...more }),
      await estimator.maxAvailableComponentSets({ ...sets, assumed: [], ...more }),
    ];
  };
  expect(await answer({})).toEqual([4, 4]);
  expect(await answer({}, { assumed })).toEqual([4, 4]);
  expect(await answer({ ResourceQuotaEstimate: true })).toEqual([1, 1]);
  expect(await answer({ SchedulingOvercommitProtection: true }, { assumed })).toEqual([1, 1]);
});

test('unschedulable replicas are Pods of the Deployment’s newest ReplicaSet', async () => {
  const { clock, handler, estimator } = memberOf();
  const owned = (name: string, revision: string) =>
    object(
      'apps/v1',
      'ReplicaSet',
      {
        name,
        namespace: 'shop',
        uid: name,
        annotations: { 'deployment.kubernetes.io/revision': revision },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'web', controller: true }],
      },
      {},
    );
  const waiting = {
    phase: 'Pending',
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '1970-01-01T00:00:00Z' },
    ],
  };
  handler.put('deployments', object('apps/v1', 'Deployment', { name: 'web', namespace: 'shop', uid: 'web' }, {}));
  handler.put('replicasets', owned('web-1', '1'));
  handler.put('replicasets', owned('web-2', '2'));
  handler.put('pods', pod('old', '1', undefined, waiting, 'web-1'));
  handler.put('pods', pod('new-1', '1', undefined, waiting, 'web-2'));
  handler.put('pods', pod('new-2', '1', undefined, waiting, 'web-2'));
  handler.put('pods', pod('new-3', '1', 'a', { phase: 'Running' }, 'web-2'));
  await clock.settle();
  const ask = async (resource: object, thresholdMs = 60_000) => {
    const answer = estimator.unschedulableReplicas({
      cluster: 'm1',
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', ...resource },
      thresholdMs,
    });
    answer.catch(() => {});
    await clock.settle();
    return answer;
  };
  expect(await ask({})).toBe(2);
  expect(await ask({}, clock.now() + 1)).toBe(0);
  await expect(ask({ name: 'gone' })).rejects.toThrow('deployments.apps "gone" not found in namespace shop');
  await expect(ask({ kind: 'StatefulSet' })).rejects.toThrow(
    'kind(StatefulSet) of workload(shop/web) is not supported',
  );
});
