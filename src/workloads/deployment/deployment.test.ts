import { describe, expect, it } from 'vitest';
import { type Deployment, Deployments, type ReplicaSet, ReplicaSets } from '#apis/kubernetes/types.ts';
import { deploymentOf, startTestCluster, type TestCluster, uidsOf } from '../workloads.cases.ts';
import { revision, revisionHistory } from './annotations.ts';
import { revisionOf } from './plan/revisions.ts';

const names = ['deployment', 'replicaset', 'gc'] as const;
const key = { namespace: 'default', name: 'web' };

async function deployed(spec: Partial<Deployment['spec']> = {}, options: { readonly grace?: number } = {}) {
  const cluster = await startTestCluster({ names, ...options });
  await cluster.client.resource(Deployments).create(deploymentOf('web', spec));
  await cluster.settle();
  return cluster;
}

const current = ({ client }: TestCluster) => client.resource(Deployments).get(key);

const setsOf = async ({ client }: TestCluster): Promise<readonly ReplicaSet[]> =>
  [...(await client.resource(ReplicaSets).list({ namespace: 'default' })).items].sort(
    (left, right) => revisionOf(left) - revisionOf(right),
  );

const sizesOf = async (cluster: TestCluster) => (await setsOf(cluster)).map(({ spec }) => spec.replicas);

const change = async (cluster: TestCluster, patch: object) => {
  await cluster.client.resource(Deployments).patch(key, 'strategic', patch as never);
  await cluster.settle();
};

const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'web', image: name }] } } } });
const replicas = (count: number) => ({ spec: { replicas: count } });

const conditionsOf = (deployment: Deployment) =>
  (deployment.status?.conditions ?? []).map(({ type, status, reason, message }) => [type, status, reason, message]);

const said = ({ events }: TestCluster) =>
  events.filter(({ component }) => component === 'deployment-controller').map(({ text }) => text);

describe('a new Deployment', () => {
  it('comes up as on a real cluster', async () => {
    const cluster = await deployed();
    const [set] = await setsOf(cluster);
    const hash = set!.metadata.labels!['pod-template-hash']!;
    const deployment = await current(cluster);
    expect(hash).toMatch(/^[bcdf-hj-np-tv-xz2456789]{8,10}$/);
    expect(set!.metadata).toMatchObject({
      name: `web-${hash}`,
      labels: { app: 'web', 'pod-template-hash': hash },
      annotations: {
        'deployment.kubernetes.io/desired-replicas': '2',
        'deployment.kubernetes.io/max-replicas': '3',
        'deployment.kubernetes.io/revision': '1',
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true },
      ],
    });
    expect(set!.spec.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(deployment.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    const time = '2026-01-01T00:00:00Z';
    const times = { lastTransitionTime: time, lastUpdateTime: time, status: 'True' };
    expect(deployment.status).toEqual({
      availableReplicas: 2,
      conditions: [
        {
          ...times,
          type: 'Available',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        },
        {
          ...times,
          type: 'Progressing',
          reason: 'NewReplicaSetAvailable',
          message: `ReplicaSet "web-${hash}" has successfully progressed.`,
        },
      ],
      observedGeneration: 1,
      readyReplicas: 2,
      replicas: 2,
      terminatingReplicas: 0,
      updatedReplicas: 2,
    });
    const [pod] = await cluster.pods();
    expect(pod!.metadata).toMatchObject({
      generateName: `web-${hash}-`,
      labels: { app: 'web', 'pod-template-hash': hash },
      ownerReferences: [{ kind: 'ReplicaSet', name: `web-${hash}`, controller: true, blockOwnerDeletion: true }],
    });
    expect(pod!.metadata.name).toMatch(new RegExp(`^web-${hash}-[bcdf-hj-np-tv-xz2456789]{5}$`));
    expect(said(cluster)).toEqual([`Normal ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 2`]);
  });

  it('says what it waits for, and when it waits too long', async () => {
    const cluster = await startTestCluster({ names });
    cluster.kubelet.mode = 'hold';
    await cluster.client.resource(Deployments).create(deploymentOf('web', { progressDeadlineSeconds: 60 }));
    await cluster.settle();
    const name = (await setsOf(cluster))[0]!.metadata.name;
    const unavailable = [
      'Available',
      'False',
      'MinimumReplicasUnavailable',
      'Deployment does not have minimum availability.',
    ];
    expect((await current(cluster)).status).toMatchObject({ replicas: 2, updatedReplicas: 2, unavailableReplicas: 2 });
    expect(conditionsOf(await current(cluster))).toEqual([
      unavailable,
      ['Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`],
    ]);
    await cluster.clock.advance(62_000);
    expect(conditionsOf(await current(cluster))).toEqual([
      unavailable,
      ['Progressing', 'False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`],
    ]);
    for (const pod of await cluster.pods()) await cluster.setReady(pod, true);
    expect(conditionsOf(await current(cluster)).at(-1)?.[2]).toBe('NewReplicaSetAvailable');
  });

  it('refuses to select everything', async () => {
    const cluster = await startTestCluster({ names });
    await cluster.client
      .resource(Deployments)
      .create(deploymentOf('web', { selector: {} }))
      .catch(() => {});
    await cluster.settle();
    expect(await setsOf(cluster)).toEqual([]);
  });
});

describe('what replaces Pods', () => {
  it('is a new template: step by step, within the limits', async () => {
    const cluster = await deployed({ replicas: 4 });
    const before = uidsOf(await cluster.pods());
    cluster.kubelet.mode = 'hold';
    await change(cluster, image('nginx:2'));
    // 25 % of 4: one more, one less.
    expect(await sizesOf(cluster)).toEqual([3, 2]);
    expect((await current(cluster)).status).toMatchObject({
      updatedReplicas: 2,
      availableReplicas: 3,
      unavailableReplicas: 2,
    });
    cluster.kubelet.mode = 'run';
    const waiting = (await cluster.pods()).filter(({ status }) => status?.phase === 'Pending');
    for (const pod of waiting) await cluster.setReady(pod, true);
    expect(await sizesOf(cluster)).toEqual([0, 4]);
    const after = uidsOf(await cluster.pods());
    expect(after).toHaveLength(4);
    expect(after.filter((uid) => before.includes(uid))).toEqual([]);
    expect((await current(cluster)).metadata.annotations?.[revision]).toBe('2');
    expect(conditionsOf(await current(cluster)).map(([, , reason]) => reason)).toEqual([
      'MinimumReplicasAvailable',
      'NewReplicaSetAvailable',
    ]);
  });

  it('is not annotations, labels or a restart of the controllers', async () => {
    const cluster = await deployed();
    const before = uidsOf(await cluster.pods());
    await change(cluster, { metadata: { annotations: { note: 'x' }, labels: { team: 'a' } } });
    await change(cluster, { spec: { revisionHistoryLimit: 3, progressDeadlineSeconds: 100 } });
    await cluster.client
      .resource(Deployments)
      .apply(
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...key, labels: { by: 'flotilla' } } },
        { fieldManager: 'flotilla', force: true },
      );
    await cluster.restart();
    expect(uidsOf(await cluster.pods())).toEqual(before);
    expect(await setsOf(cluster)).toHaveLength(1);
    expect((await setsOf(cluster))[0]!.metadata.annotations?.note).toBe('x');
  });

  it('with Recreate stops everything first, Pods that shut down included', async () => {
    const cluster = await deployed({ strategy: { type: 'Recreate' } }, { grace: 5 });
    await change(cluster, image('nginx:2'));
    expect(await sizesOf(cluster)).toEqual([0]);
    expect((await cluster.pods()).every(({ metadata }) => metadata.deletionTimestamp)).toBe(true);
    await cluster.clock.advance(4_000);
    expect(await sizesOf(cluster)).toEqual([0]);
    await cluster.clock.advance(2_000);
    expect(await sizesOf(cluster)).toEqual([0, 2]);
    expect((await cluster.pods()).map(({ spec }) => spec.containers[0]!.image)).toEqual(['nginx:2', 'nginx:2']);
  });
});

describe('revisions', () => {
  it('going back uses the old ReplicaSet again, under a new number', async () => {
    const cluster = await deployed();
    await change(cluster, image('nginx:2'));
    await change(cluster, image('nginx:1'));
    const sets = await setsOf(cluster);
    expect(sets.map(revisionOf)).toEqual([2, 3]);
    expect(sets[1]!.metadata.annotations?.[revisionHistory]).toBe('1');
    expect(await sizesOf(cluster)).toEqual([0, 2]);
    expect((await cluster.pods()).map(({ spec }) => spec.containers[0]!.image)).toEqual(['nginx:1', 'nginx:1']);
  });

  it('older than the limit are forgotten', async () => {
    const cluster = await deployed({ revisionHistoryLimit: 1 });
    for (const tag of ['2', '3', '4']) await change(cluster, image(`nginx:${tag}`));
    expect((await setsOf(cluster)).map(revisionOf)).toEqual([3, 4]);
  });

  it('a name that is taken makes another hash', async () => {
    const cluster = await deployed();
    const [set] = await setsOf(cluster);
    const other = await startTestCluster({ names });
    await other.client.resource(ReplicaSets).create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: set!.metadata.name!, namespace: 'default' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { x: 'y' } },
        template: { metadata: { labels: { x: 'y' } }, spec: deploymentOf('x').spec.template.spec },
      },
    });
    await other.client.resource(Deployments).create(deploymentOf('web'));
    await other.settle();
    const deployment = await current(other);
    expect(deployment.status).toMatchObject({ collisionCount: 1, readyReplicas: 2 });
    expect((await setsOf(other)).map(({ metadata }) => metadata.name)).toHaveLength(2);
  });
});

describe('scaling', () => {
  it('changes the newest, and tells it', async () => {
    const cluster = await deployed();
    await change(cluster, replicas(5));
    await change(cluster, replicas(1));
    const name = (await setsOf(cluster))[0]!.metadata.name;
    expect(said(cluster).slice(1)).toEqual([
      `Normal ScalingReplicaSet: Scaled up replica set ${name} from 2 to 5`,
      `Normal ScalingReplicaSet: Scaled down replica set ${name} from 5 to 1`,
    ]);
    expect(await cluster.pods()).toHaveLength(1);
    expect((await current(cluster)).status).toMatchObject({ replicas: 1, availableReplicas: 1, updatedReplicas: 1 });
    await change(cluster, replicas(0));
    expect(await cluster.pods()).toEqual([]);
    expect((await current(cluster)).status?.replicas).toBeUndefined();
  });

  it('in the middle of a rollout is shared in proportion', async () => {
    const cluster = await deployed({
      replicas: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    cluster.kubelet.mode = 'hold';
    await change(cluster, image('nginx:2'));
    expect(await sizesOf(cluster)).toEqual([8, 5]);
    await change(cluster, replicas(15));
    // The example of Kubernetes' documentation: 18 in all, three of the five new ones for the larger.
    expect(await sizesOf(cluster)).toEqual([11, 7]);
  });

  it('while paused happens, a new template does not', async () => {
    const cluster = await deployed({ paused: false });
    await change(cluster, { spec: { paused: true, ...image('nginx:2').spec, replicas: 3 } });
    expect(await sizesOf(cluster)).toEqual([3]);
    expect(conditionsOf(await current(cluster)).find(([type]) => type === 'Progressing')).toEqual([
      'Progressing',
      'Unknown',
      'DeploymentPaused',
      'Deployment is paused',
    ]);
    await change(cluster, { spec: { paused: false } });
    expect(await sizesOf(cluster)).toEqual([0, 3]);
    expect(conditionsOf(await current(cluster)).at(-1)?.[2]).toBe('NewReplicaSetAvailable');
  });
});

describe('ownership', () => {
  it('survives the Deployment being made again over its orphans: no Pod is replaced', async () => {
    const cluster = await deployed();
    const before = uidsOf(await cluster.pods());
    const deployments = cluster.client.resource(Deployments);
    await deployments.delete(key, { propagationPolicy: 'Orphan' });
    await cluster.settle();
    expect((await setsOf(cluster))[0]!.metadata.ownerReferences).toBeUndefined();
    await deployments.create(deploymentOf('web'));
    await cluster.settle();
    expect(uidsOf(await cluster.pods())).toEqual(before);
    const [set, ...others] = await setsOf(cluster);
    expect(others).toEqual([]);
    expect(set!.metadata.ownerReferences?.[0]?.uid).toBe((await current(cluster)).metadata.uid);
  });
});
