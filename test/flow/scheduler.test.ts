/** The scheduler alone, over Clusters and bindings that are objects only: what it retries, in which order, and what it says. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { policyId } from '#apis/names/labels.ts';
import { type ResourceBinding, ResourceBindingKind } from '#apis/work/resource-binding.ts';
import { featureGates } from '#app/components/settings.ts';
import { type Flow, type FlowOptions, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { eventsOf } from '#harness/migrated.ts';
import { quiet } from '#harness/samples.ts';
import { findCondition } from '#kube/conditions/conditions.ts';

let flow: Flow;
afterEach(() => flow.stop());

async function start(scheduler: FlowOptions['scheduler'] = {}): Promise<void> {
  flow = await startFlow({ members: [], settings: { controllers: [] }, scheduler });
}

const clusters = () => flow.control.resource<Cluster>(ClusterKind);
const bindings = () => flow.control.resource<ResourceBinding>(ResourceBindingKind);

const statusWith = (cpu: string): Anything => ({
  apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment', name: 'deployments' }] }],
  resourceSummary: { allocatable: { cpu, pods: '110' }, allocated: { cpu: '0' } },
});

async function addCluster(name: string, { cpu = '100', labels = {} }: Anything = {}): Promise<void> {
  const object: Anything = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name, labels } };
  const created = await clusters().create({ ...object, spec: { syncMode: 'Push' } });
  await clusters().update({ ...created, status: statusWith(cpu) }, { subresource: 'status' });
}

const giveRoom = (name: string, cpu: string) =>
  clusters().patch({ name }, 'merge', { status: statusWith(cpu) }, { subresource: 'status' });

const addBinding = (name: string, spec: Anything = {}) =>
  bindings().create({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { namespace: 'default', name, labels: { [policyId]: 'id' } },
    spec: {
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name, uid: name },
      replicas: 2,
      replicaRequirements: { resourceRequest: { cpu: '1' } },
      placement: {},
      ...spec,
    },
  } as unknown as ResourceBinding);

const get = (name: string) => bindings().get({ namespace: 'default', name });

/** The reason and message of Scheduled, once it says so. */
const says = (name: string, reason: string) =>
  flow.until(`${name} to be ${reason}`, async () => {
    const condition = findCondition((await get(name)).status?.conditions, 'Scheduled');
    return condition?.reason === reason && condition;
  });

const verdictOf = async (name: string): Promise<Anything> =>
  bindings().get({ namespace: 'default', name }, { subresource: 'verdict' });

const byRoom = {
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { dynamicWeight: 'AvailableReplicas' },
  },
};

describe('a binding that no cluster fits', () => {
  it('loses its clusters, is not tried again by itself, and is placed when a cluster comes to fit', async () => {
    await start();
    await addCluster('a', { labels: { tier: 'gold' } });
    await addBinding('web', { placement: { clusterAffinity: { labelSelector: { matchLabels: { tier: 'gold' } } } } });
    await says('web', 'Success');
    const { lastScheduledTime, schedulerObservedGeneration } = (await get('web')).status!;
    await flow.pass(2_000);
    await clusters().patch({ name: 'a' }, 'merge', { metadata: { labels: { tier: 'silver' } } });
    expect(await says('web', 'NoClusterFit')).toMatchObject({
      status: 'False',
      message: '0/1 clusters are available: 1 cluster(s) did not match the placement cluster affinity constraint.',
    });
    expect((await get('web')).spec.clusters).toBeUndefined();
    // Only a success is an observation.
    expect((await get('web')).status).toMatchObject({ lastScheduledTime, schedulerObservedGeneration });
    await quiet(flow);
    const tries = flow.writes.length;
    await flow.pass(120_000);
    expect(flow.writes.length).toBe(tries);
    await addCluster('b', { labels: { tier: 'gold' } });
    await says('web', 'Success');
    const placed = await get('web');
    expect(placed.spec.clusters).toEqual([{ name: 'b', replicas: 2 }]);
    expect(placed.status?.schedulerObservedGeneration).toBe(placed.metadata.generation);
    expect(placed.status?.lastScheduledTime).not.toBe(lastScheduledTime);
    await flow.pass(5_000);
    const told = await eventsOf(flow, 'web');
    expect(told).toContain(
      'ResourceBinding Normal ScheduleBindingSucceed default-scheduler: Binding has been scheduled successfully. Result: {b:2}',
    );
    expect(told).toContain(
      'Deployment Warning ScheduleBindingFailed default-scheduler: 0/1 clusters are available: 1 cluster(s) did not match the placement cluster affinity constraint.',
    );
  });
});

describe('of several affinity groups', () => {
  it('the next serves when one does not, and none is gone back to', async () => {
    await start();
    await addCluster('b');
    const clusterAffinities = ['a', 'b'].map((name) => ({ affinityName: `group-${name}`, clusterNames: [name] }));
    await addBinding('web', { placement: { clusterAffinities } });
    await says('web', 'Success');
    expect(await get('web')).toMatchObject({
      spec: { clusters: [{ name: 'b', replicas: 2 }] },
      status: { schedulerObservingAffinityName: 'group-b' },
    });
    await addCluster('a');
    await quiet(flow);
    expect((await get('web')).spec.clusters).toEqual([{ name: 'b', replicas: 2 }]);
    expect(await eventsOf(flow, 'web')).toContain(
      'ResourceBinding Warning ScheduleBindingFailed default-scheduler: failed to schedule ResourceBinding(default/web) with clusterAffiliates index(0): 0/1 clusters are available: 1 cluster(s) did not match the placement cluster affinity constraint.',
    );
  });
});

describe('a binding that takes more room than there is', () => {
  it.each([
    ['first come, first served', false],
    ['by priority', true],
  ])('keeps its place, is tried again, and is placed when there is room: %s', async (_queue, byPriority) => {
    await start({ gates: { ...featureGates, PriorityBasedScheduling: byPriority } });
    await addCluster('a', { cpu: '1' });
    await addBinding('web', { placement: byRoom });
    expect(await says('web', 'Unschedulable')).toMatchObject({
      message: expect.stringContaining('Clusters available replicas 1 are not enough to schedule.'),
    });
    await quiet(flow);
    const tries = flow.writes.length;
    await flow.pass(30_000);
    expect(flow.writes.length).toBe(tries);
    await giveRoom('a', '4');
    await says('web', 'Success');
    expect((await get('web')).spec.clusters).toEqual([{ name: 'a', replicas: 2 }]);
  });
});

describe('what was placed and does not run yet', () => {
  it('takes room until its cluster says that it runs', async () => {
    await start({ gates: { ...featureGates, SchedulingOvercommitProtection: true } });
    await addCluster('a', { cpu: '5' });
    for (const name of ['first', 'second']) await addBinding(name, { replicas: 3, placement: byRoom });
    await says('first', 'Success');
    expect(await says('second', 'Unschedulable')).toMatchObject({ message: expect.stringContaining('replicas 2') });
    const aggregatedStatus = [{ clusterName: 'a', applied: true, health: 'Healthy' }];
    const first = { namespace: 'default', name: 'first' };
    await bindings().patch(first, 'merge', { status: { aggregatedStatus } }, { subresource: 'status' });
    await says('second', 'Success');
  });
});

describe('the order of bindings', () => {
  it('is that of their priorities, whatever came first', async () => {
    await start({ gates: { ...featureGates, PriorityBasedScheduling: true } });
    await addCluster('a');
    await flow.stopComponents('karmada-scheduler');
    const priorities = { low: 1, none: undefined, high: 100, middle: 10 };
    for (const [name, priority] of Object.entries(priorities))
      await addBinding(name, priority === undefined ? {} : { schedulePriority: { priority } });
    await flow.startComponents();
    for (const name of Object.keys(priorities)) await says(name, 'Success');
    const placed = flow.writes.filter(({ request }) => request.verb === 'update' && !request.path.subresource);
    expect(placed.map(({ request }) => request.path.name)).toEqual(['high', 'middle', 'low', 'none']);
  });
});

describe('bindings of one anti-affinity group', () => {
  it('share no cluster, though they come together; who finds none is placed when another leaves', async () => {
    await start({ gates: { ...featureGates, WorkloadAffinity: true } });
    for (const name of ['a', 'b']) await addCluster(name);
    await flow.stopComponents('karmada-scheduler');
    const inOne = {
      replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
      spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }],
      workloadAffinity: { antiAffinity: { groupByLabelKey: 'app' } },
    };
    const names = ['x', 'y', 'z'];
    const group = { placement: inOne, workloadAffinityGroups: { antiAffinityGroup: 'app=web' } };
    for (const name of names) await addBinding(name, group);
    await flow.startComponents();
    await quiet(flow);
    const placed = async () =>
      (await bindings().list({ namespace: 'default' })).items.flatMap(({ metadata, spec }) =>
        (spec.clusters ?? []).map(({ name }) => [metadata.name!, name] as const),
      );
    const first = await placed();
    expect(first.map(([, cluster]) => cluster).sort()).toEqual(['a', 'b']);
    const left = names.find((name) => !first.some(([taken]) => taken === name))!;
    expect(await says(left, 'NoClusterFit')).toMatchObject({ message: expect.stringContaining('0/2 clusters') });
    await bindings().delete({ namespace: 'default', name: first[0]![0] });
    await says(left, 'Success');
    expect((await get(left)).spec.clusters).toMatchObject([{ name: first[0]![1] }]);
  });
});

describe('bindings that are not scheduled here', () => {
  it('are those of another scheduler, without a claim, or suspended until they no longer are', async () => {
    await start({ schedulerName: 'blue' });
    await addCluster('a');
    await addBinding('ours', { schedulerName: 'blue' });
    await addBinding('theirs');
    await addBinding('suspended', { schedulerName: 'blue', suspension: { scheduling: true } });
    await addBinding('free', { schedulerName: 'blue' });
    await says('ours', 'Success');
    const free = { namespace: 'default', name: 'free' };
    await bindings().patch(free, 'merge', { metadata: { labels: { [policyId]: null } }, spec: { replicas: 3 } });
    await quiet(flow);
    for (const name of ['theirs', 'suspended']) expect((await get(name)).status).toBeUndefined();
    expect((await get('free')).spec.clusters).toEqual([{ name: 'a', replicas: 2 }]);
    expect((await eventsOf(flow, 'ours'))[0]).toMatch(/ Normal ScheduleBindingSucceed blue: /);
    expect((await verdictOf('theirs')).leftAlone).toBe(
      'spec.schedulerName says that default-scheduler schedules it, and this one is blue',
    );
    expect((await verdictOf('suspended')).leftAlone).toBe('spec.suspension.scheduling is true');
    await bindings().patch({ namespace: 'default', name: 'suspended' }, 'merge', { spec: { suspension: null } });
    await says('suspended', 'Success');
  });
});

describe('the verdict', () => {
  it('says of every cluster why it was refused, or what it was given', async () => {
    await start();
    await addCluster('a');
    await addCluster('b');
    await clusters().patch({ name: 'b' }, 'merge', { spec: { taints: [{ key: 'full', effect: 'NoSchedule' }] } });
    await addBinding('web');
    await says('web', 'Success');
    const verdict = await verdictOf('web');
    expect(verdict).toMatchObject({
      kind: 'SchedulingVerdict',
      metadata: { namespace: 'default', name: 'web' },
      verdict: { outcome: 'scheduled', clusters: [{ name: 'a', replicas: 2 }] },
    });
    const [{ clusters: explained }] = verdict.terms;
    expect(explained).toMatchObject([
      { name: 'a', refusals: [], score: 100, target: { replicas: 2 } },
      {
        name: 'b',
        selected: false,
        refusals: [{ plugin: 'TaintToleration', reason: 'cluster(s) had untolerated taint {full:NoSchedule}' }],
      },
    ]);
    await expect(bindings().update(await get('web'), { subresource: 'verdict' })).rejects.toThrow(
      /method not allowed|does not allow this method/,
    );
    await expect(verdictOf('nothing')).rejects.toThrow('not found');
    await flow.stopComponents('karmada-scheduler');
    await expect(verdictOf('web')).rejects.toThrow('no karmada-scheduler runs in this process');
  });
});
