import { expect, it, vi } from 'vitest';
import { Deployments, ReplicaSets } from '#apis/kubernetes/types.ts';
import { turnsOf } from '#world/clock/turns.ts';
import { deploymentOf, startTestCluster, type TestCluster } from './workloads.cases.ts';

const statuses = ({ writes }: TestCluster) => writes.filter((write) => write.endsWith('/status')).length;

const key = { namespace: 'default', name: 'web' };
const statusOf = async ({ client }: TestCluster) => (await client.resource(Deployments).get(key)).status ?? {};

/** Whether much else is to do from now on. */
const setBusy = ({ clock }: TestCluster, busy: boolean) =>
  vi.spyOn(turnsOf(clock), 'busy').mockReturnValue(busy) && undefined;

/** A Deployment of two Pods, half a second after it was made. */
async function started(busy: boolean, mode: 'run' | 'hold' = 'run') {
  const cluster = await startTestCluster({ names: ['deployment', 'replicaset'] });
  cluster.kubelet.mode = mode;
  setBusy(cluster, busy);
  await cluster.client.resource(Deployments).create(deploymentOf('web'));
  await cluster.clock.advance(500);
  return cluster;
}

const up = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const pending = { replicas: 2, unavailableReplicas: 2 };

it('tells of Pods that come up once while much else is to do', async () => {
  const cluster = await started(true);
  expect(await statusOf(cluster)).toMatchObject({ observedGeneration: 1, ...up });
  expect(statuses(cluster)).toBe(2);
});

it('tells of every step while little is', async () => {
  const cluster = await started(false);
  expect(await statusOf(cluster)).toMatchObject({ observedGeneration: 1, ...up });
  expect(statuses(cluster)).toBeGreaterThan(3);
});

it.each([
  ['after a second', true, 1_500],
  ['once there is time', false, 200],
])('tells of Pods that do not come up %s', async (_when, busy, ms) => {
  const cluster = await started(true, 'hold');
  expect(await statusOf(cluster)).toEqual({});
  setBusy(cluster, busy);
  await cluster.clock.advance(ms);
  expect(await statusOf(cluster)).toMatchObject(pending);
});

it('tells of Pods that are lost without delay', async () => {
  const cluster = await started(false);
  const [pod] = await cluster.pods();
  setBusy(cluster, true);
  await cluster.setReady(pod!, false);
  await cluster.clock.advance(300);
  expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
});

it('rolls out while much else is to do', async () => {
  const cluster = await started(true);
  const template = { metadata: { labels: { app: 'web', version: '2' } } };
  await cluster.client.resource(Deployments).patch(key, 'merge', { spec: { template } });
  await cluster.clock.advance(2_000);
  expect(await statusOf(cluster)).toMatchObject({ observedGeneration: 2, ...up });
  const { items } = await cluster.client.resource(ReplicaSets).list({ namespace: 'default' });
  expect(new Set(items.map(({ spec }) => spec.replicas))).toEqual(new Set([0, 2]));
});
