import { describe, expect, it } from 'vitest';
import { type Pod, Pods, type ReplicaSet, ReplicaSets } from '#apis/kubernetes/types.ts';
import { failure } from '#kube/status/status.ts';
import { deploymentOf, startTestCluster, type TestCluster, uidsOf } from '../workloads.cases.ts';
import { planReplicaSet } from './plan.ts';

const key = { namespace: 'default', name: 'web' };

const replicaSet = (replicas: number, more: Partial<ReplicaSet['spec']> = {}): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: key,
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: deploymentOf('web').spec.template, ...more },
});

const podOf = (name: string, labels: Readonly<Record<string, string>>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels },
  spec: deploymentOf('web').spec.template.spec,
});

async function started(replicas: number, more: Partial<ReplicaSet['spec']> = {}) {
  const cluster = await startTestCluster({ names: ['replicaset'] });
  await cluster.client.resource(ReplicaSets).create(replicaSet(replicas, more));
  await cluster.settle();
  return cluster;
}

const current = ({ client }: TestCluster) => client.resource(ReplicaSets).get(key);

describe('a ReplicaSet', () => {
  it('takes Pods that match and have nobody, and lets go of those that do not match any more', async () => {
    const cluster = await startTestCluster({ names: ['replicaset'] });
    const pods = cluster.client.resource(Pods);
    const orphan = await pods.create(podOf('orphan', { app: 'web' }));
    await cluster.client.resource(ReplicaSets).create(replicaSet(2));
    await cluster.settle();
    expect(uidsOf(await cluster.pods())).toContain(orphan.metadata.uid);
    expect(await cluster.pods()).toHaveLength(2);
    await pods.patch({ namespace: 'default', name: 'orphan' }, 'merge', { metadata: { labels: { app: 'debug' } } });
    await cluster.settle();
    expect((await pods.get({ namespace: 'default', name: 'orphan' })).metadata.ownerReferences).toBeUndefined();
    expect(await cluster.pods()).toHaveLength(3);
    expect((await current(cluster)).status).toMatchObject({ replicas: 2, readyReplicas: 2 });
  });

  it('replaces Pods that end or are deleted, at once', async () => {
    const cluster = await started(2);
    const [first, second] = await cluster.pods();
    await cluster.client.resource(Pods).delete({ namespace: 'default', name: first!.metadata.name! });
    await cluster.finish(second!, 'Failed');
    const running = (await cluster.pods()).filter(({ status }) => status?.phase === 'Running');
    expect(running).toHaveLength(2);
    expect(uidsOf(running)).not.toContain(first!.metadata.uid);
  });

  it('says why it cannot, until it can', async () => {
    let refuse = true;
    const cluster = await startTestCluster({
      names: ['replicaset'],
      through: (handler) => ({
        ...handler,
        handle: async (request) => {
          if (refuse && request.verb === 'create' && request.path.resource === 'pods') {
            throw failure('Forbidden', 'pods "web" is forbidden: exceeded quota');
          }
          return handler.handle(request);
        },
      }),
    });
    await cluster.client.resource(ReplicaSets).create(replicaSet(1));
    await cluster.settle();
    expect((await current(cluster)).status).toMatchObject({
      replicas: 0,
      conditions: [
        {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message: 'pods "web" is forbidden: exceeded quota',
        },
      ],
    });
    expect(cluster.events[0]!.text).toBe(
      'Warning FailedCreate: Error creating: pods "web" is forbidden: exceeded quota',
    );
    refuse = false;
    await cluster.clock.advance(1_000);
    expect((await current(cluster)).status).toMatchObject({ replicas: 1, readyReplicas: 1 });
    expect((await current(cluster)).status?.conditions).toBeUndefined();
  });

  it('counts a Pod as available when it has been ready for long enough', async () => {
    const cluster = await started(1, { minReadySeconds: 10 });
    expect((await current(cluster)).status?.availableReplicas).toBeUndefined();
    await cluster.clock.advance(10_000);
    expect((await current(cluster)).status?.availableReplicas).toBe(1);
  });

  it('writes one status for Pods that become ready together', async () => {
    const cluster = await startTestCluster({ names: ['replicaset'] });
    cluster.kubelet.mode = 'hold';
    await cluster.client.resource(ReplicaSets).create(replicaSet(20));
    await cluster.settle();
    const from = cluster.writes.length;
    await Promise.all((await cluster.pods()).map((pod) => cluster.setReady(pod, true)));
    const statuses = cluster.writes.slice(from).filter((write) => write === 'update replicasets/web/status');
    expect(statuses.length).toBeLessThanOrEqual(2);
    expect((await current(cluster)).status?.readyReplicas).toBe(20);
  });
});

describe('the plan', () => {
  const set: ReplicaSet = { ...replicaSet(1), metadata: { ...key, uid: 'u' } };
  const pods = ['a', 'b', 'c'].map((name) => ({
    ...podOf(name, { app: 'web' }),
    metadata: { ...podOf(name, {}).metadata, uid: name },
  }));
  const plan = (going: readonly string[], own = set) =>
    planReplicaSet({
      set: own,
      pods,
      isGoing: ({ metadata }) => going.includes(metadata.uid!),
      related: () => pods,
      now: 0,
    });

  it('does not delete another Pod for one whose deletion it has asked for', () => {
    expect(plan([]).delete).toHaveLength(2);
    expect(plan(['a', 'b'])).toEqual({ create: 0, delete: [] });
    expect(plan(['a', 'b', 'c'])).toEqual({ create: 1, delete: [] });
  });

  it('of a ReplicaSet that is going away is nothing', () => {
    const going = { ...set, metadata: { ...set.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(plan([], going)).toEqual({ create: 0, delete: [] });
  });
});
