/** The fleet under the flow: clusters that come, change and leave, and the namespaces in them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import {
  applied,
  bindingOf,
  clusterPolicyFor,
  handsOn,
  named,
  nginx,
  onMembers,
  policyFor,
  quiet,
  worksOf,
} from '#harness/samples.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { sleep } from '#world/clock/clock.ts';

let flow: Flow;
beforeEach(async () => {
  flow = await startFlow();
});
afterEach(() => flow.stop());

const cluster = (name: string): Anything => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
});
const inClusters = async (template: Anything) =>
  ((await handsOn(flow).control.get(bindingOf(template))).spec.clusters ?? []).map((each: Anything) => each.name);
const anywhere = { placement: {} };

describe('a cluster', () => {
  it('is not called unreachable while its connection is on its way', async () => {
    await flow.stop();
    const late = async () => {
      await sleep(flow.clock, 500);
      return flow.member('member1');
    };
    flow = await startFlow({ members: ['member1'], foreign: late });
    const { control } = handsOn(flow);
    await control.create({ ...cluster('late'), spec: { syncMode: 'Push' } });
    const conditions = await flow.until('somebody has looked', async () => {
      const { status } = await control.get(cluster('late'));
      return status?.conditions;
    });
    expect(findCondition(conditions, 'Ready')?.status).toBe('True');
  });

  it('is held, gets its execution namespace, its conditions and its figures', async () => {
    const { control } = handsOn(flow);
    await quiet(flow);
    const live = await control.get(cluster('member1'));
    expect(live.metadata.finalizers).toEqual(['karmada.io/cluster-controller']);
    expect(live.spec.taints ?? []).toEqual([]);
    expect(live.status.kubernetesVersion).toBe('v1.35.3');
    expect(live.status.conditions.map(({ lastTransitionTime: _time, ...each }: Anything) => each)).toEqual([
      {
        type: 'CompleteAPIEnablements',
        status: 'True',
        reason: 'Complete',
        message: 'collected complete APIEnablements from the cluster',
      },
      {
        type: 'Ready',
        status: 'True',
        reason: 'ClusterReady',
        message: 'cluster is healthy and ready to accept workloads',
      },
    ]);
    expect(live.status.nodeSummary).toEqual({ totalNum: 0, readyNum: 0 });
    const apps = live.status.apiEnablements.find((each: Anything) => each.groupVersion === 'apps/v1');
    expect(apps.resources).toContainEqual({ kind: 'Deployment', name: 'deployments' });
    const namespace = await control.get({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'karmada-es-member1' },
    });
    expect(namespace.metadata.labels['karmada.io/system']).toBe('true');
    await flow.pass(1_000);
    const messages = (await control.list('v1', 'Event'))
      .filter((event) => event.involvedObject.kind === 'Cluster' && event.involvedObject.name === 'member1')
      .map((event) => event.message);
    expect(messages).toContain('Created execution space(karmada-es-member1) for cluster(member1).');
    expect(messages).toContain('Taint cluster succeed: cluster now does not have taints.');
  });

  it('that is cordoned keeps what it has and gets nothing new', async () => {
    const { control } = handsOn(flow);
    await control.apply(nginx);
    await control.apply(clusterPolicyFor('cpp', [{ apiVersion: 'apps/v1', kind: 'Deployment' }], anywhere));
    await applied(flow, nginx);
    const taint = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' };
    await control.edit(cluster('member2'), (now) => ({ ...now, spec: { ...now.spec, taints: [taint] } }));
    await control.apply(named(nginx, 'later'));
    await applied(flow, named(nginx, 'later'));
    await quiet(flow);
    expect(await inClusters(nginx)).toEqual(['member1', 'member2']);
    expect(await inClusters(named(nginx, 'later'))).toEqual(['member1']);
    await control.edit(cluster('member2'), (now) => ({ ...now, spec: { ...now.spec, taints: undefined } }));
    await quiet(flow);
    expect(await inClusters(named(nginx, 'later'))).toEqual(['member1', 'member2']);
  });

  it('is entered and left by its labels', async () => {
    const { control, member2 } = handsOn(flow);
    await control.label(cluster('member1'), 'tier', 'gold');
    await control.apply(nginx);
    await control.apply(
      policyFor('pp', [nginx], {
        placement: { clusterAffinity: { labelSelector: { matchLabels: { tier: 'gold' } } } },
      }),
    );
    await applied(flow, nginx);
    expect(await inClusters(nginx)).toEqual(['member1']);
    await control.label(cluster('member2'), 'tier', 'gold');
    await flow.until('it is in member2', () => member2.find(nginx));
    await control.label(cluster('member2'), 'tier', null);
    await flow.until('it has left member2', async () => (await member2.find(nginx)) === undefined);
    await control.label(cluster('member1'), 'tier', null);
    const binding = await flow.until('no cluster fits', async () => {
      const found = await control.get(bindingOf(nginx));
      return found.spec.clusters === undefined && found;
    });
    expect(binding.status.conditions.find((each: Anything) => each.type === 'Scheduled')).toMatchObject({
      status: 'False',
      reason: 'NoClusterFit',
      message: '0/2 clusters are available: 2 cluster(s) did not match the placement cluster affinity constraint.',
    });
  });

  it('that joins is entered by what is placed whole, and divided replicas stay where they are', async () => {
    const { control } = handsOn(flow);
    const divided = named(nginx, 'divided');
    await control.apply(nginx);
    await control.apply({ ...divided, spec: { ...divided.spec, replicas: 6 } });
    await control.apply(policyFor('whole', [nginx], anywhere));
    await control.apply(
      policyFor('divided', [divided], { placement: { replicaScheduling: { replicaSchedulingType: 'Divided' } } }),
    );
    await applied(flow, nginx);
    await applied(flow, divided);
    const split = [
      { name: 'member1', replicas: 3 },
      { name: 'member2', replicas: 3 },
    ];
    expect((await control.get(bindingOf(divided))).spec.clusters).toEqual(split);
    await flow.addMember('member3');
    await flow.until('it is in member3', async () => (await inClusters(nginx)).length === 3);
    await control.label(cluster('member1'), 'changed', 'yes');
    await quiet(flow);
    expect((await control.get(bindingOf(divided))).spec.clusters).toEqual(split);
    expect((await kubectl(flow.member('member3')).find(nginx))?.spec.replicas).toBe(2);
    // Another number of replicas deals them anew.
    await control.scale(divided, 9);
    await quiet(flow);
    const dealt = (await control.get(bindingOf(divided))).spec.clusters;
    expect(dealt.map((each: Anything) => each.replicas)).toEqual([3, 3, 3]);
    expect((await kubectl(flow.member('member3')).get(divided)).spec.replicas).toBe(3);
  });
});

describe('a cluster that leaves', () => {
  const leave = async (annotations?: Anything) => {
    const { control, member1 } = handsOn(flow);
    const free = named(nginx, 'free');
    const before = await member1.apply(nginx);
    for (const object of [nginx, free]) await control.apply(object);
    const policies = [policyFor('pp', [nginx], anywhere), policyFor('free', [free])];
    for (const policy of policies) await control.apply(policy);
    await applied(flow, nginx);
    await applied(flow, free);
    // Nobody claims this binding any more when its cluster leaves.
    await control.delete(policies[1]);
    await control.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await quiet(flow);
    if (annotations) await control.patch(cluster('member1'), { metadata: { annotations } });
    await control.delete(cluster('member1'));
    await flow.until('the cluster is gone', async () => (await control.find(cluster('member1'))) === undefined);
    await quiet(flow);
    return { control, member1, before, free };
  };

  it('keeps what runs in it, given back to its owners', async () => {
    const { control, member1, before, free } = await leave();
    const live = await member1.get(nginx);
    expect(live.spec).toEqual(before.spec);
    expect(live.metadata.labels ?? {}).toEqual(before.metadata.labels ?? {});
    expect(live.metadata.annotations).toEqual(before.metadata.annotations);
    expect((await member1.get(free)).metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
    expect(await member1.find({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })).toBeDefined();
    expect(
      await control.find({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'karmada-es-member1' } }),
    ).toBeUndefined();
    expect(await inClusters(nginx)).toEqual(['member2']);
    expect(await inClusters(free)).toEqual([]);
  });

  it('loses it only when it is told to', async () => {
    const { member1, free } = await leave({ 'cluster.flotilla.io/workloads': 'delete' });
    expect(await member1.find(nginx)).toBeUndefined();
    expect(await member1.find(free)).toBeUndefined();
  });
});

describe('namespaces', () => {
  const namespace = (name: string, labels?: Anything): Anything => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...(labels ? { labels } : {}) },
  });

  it('may be claimed by a policy: one Work serves both, and outlives the policy and its placement', async () => {
    const { control, member1, member2 } = handsOn(flow);
    const shop = namespace('shop', { team: 'a' });
    await member1.create(namespace('shop', { own: 'label' }));
    await control.create(shop);
    await quiet(flow);
    await control.apply(clusterPolicyFor('spaces', [shop], { placement: onMembers('member1') }));
    await applied(flow, shop);
    await quiet(flow);
    expect((await member1.get(shop)).metadata.labels).toMatchObject({
      own: 'label',
      team: 'a',
      'karmada.io/managed': 'true',
    });
    expect((await worksOf(flow, shop)).length).toBe(2);
    await control.label(shop, 'team', 'b');
    await quiet(flow);
    for (const member of [member1, member2]) expect((await member.get(shop)).metadata.labels.team).toBe('b');
    // The binding goes elsewhere: the namespace stays where it was.
    await control.apply(clusterPolicyFor('spaces', [shop], { placement: onMembers('member2') }));
    await applied(flow, shop);
    await quiet(flow);
    expect((await worksOf(flow, shop)).length).toBe(2);
    expect((await member1.get(shop)).metadata.deletionTimestamp).toBeUndefined();
    const troubles = flow.components.flatMap((component) => component.status().flatMap((each) => each.troubles));
    expect(troubles).toEqual([]);
  });

  it('are in every cluster, also in one that comes later, but for reserved and skipped ones', async () => {
    const { control, member1, member2 } = handsOn(flow);
    await control.create(namespace('shop', { team: 'a' }));
    await control.create(namespace('private', { 'namespace.karmada.io/skip-auto-propagation': 'TRUE' }));
    await control.create(namespace('kube-extra'));
    await quiet(flow);
    expect((await member1.get(namespace('shop'))).metadata.labels).toMatchObject({
      team: 'a',
      'karmada.io/managed': 'true',
    });
    expect(await member2.find(namespace('shop'))).toBeDefined();
    for (const name of ['private', 'kube-extra', 'karmada-es-member1', 'karmada-es-member2'])
      expect(await member1.find(namespace(name)), name).toBeUndefined();
    await control.label(namespace('shop'), 'team', null);
    await control.label(namespace('shop'), 'tier', 'b');
    await flow.addMember('member3');
    await quiet(flow);
    const { labels } = (await member1.get(namespace('shop'))).metadata;
    expect(labels.tier).toBe('b');
    expect(labels.team).toBeUndefined();
    expect(await kubectl(flow.member('member3')).find(namespace('shop'))).toBeDefined();
    await control.delete(namespace('shop'));
    await flow.until(
      'it is gone everywhere',
      async () =>
        !(await member1.find(namespace('shop'))) || (await member1.get(namespace('shop'))).metadata.deletionTimestamp,
    );
  });

  it('that are there already serve as they are and are never taken', async () => {
    const { control, member1 } = handsOn(flow);
    const before = await member1.create(namespace('shop'));
    await control.create(namespace('shop', { team: 'a' }));
    await quiet(flow);
    expect(await member1.get(namespace('shop'))).toEqual(before);
    await control.delete(namespace('shop'));
    await quiet(flow);
    expect(await member1.get(namespace('shop'))).toEqual(before);
  });
});

describe('a member that does not answer', () => {
  it('delays no other, and gets its due when it is back', async () => {
    await flow.stop();
    let away = false;
    const hung: ((error: Error) => void)[] = [];
    const before = (member: string, handler: ApiHandler): ApiHandler => {
      if (member !== 'member2') return handler;
      const hang = () => new Promise<never>((_, reject) => hung.push(reject));
      return {
        handle: (request) => (away ? hang() : handler.handle(request)),
        watch: (request, sink) => (away ? hang() : handler.watch(request, sink)),
        raw: (path, ...rest) => handler.raw(path, ...rest),
      };
    };
    flow = await startFlow({ before });
    const { control, member1, member2 } = handsOn(flow);
    away = true;
    const objects = Array.from({ length: 80 }, (_, i) => named(nginx, `app-${i}`));
    await control.apply(
      policyFor('pp', [{ apiVersion: 'apps/v1', kind: 'Deployment' }], { placement: onMembers('member1', 'member2') }),
    );
    for (const object of objects) await control.apply(object);
    await flow.until(
      'all are in member1',
      async () => (await member1.list('apps/v1', 'Deployment')).length === objects.length,
    );
    expect((await worksOf(flow, objects[0])).length).toBe(2);
    away = false;
    for (const reject of hung) reject(serviceUnavailable('the connection broke'));
    await flow.until(
      'all are in member2',
      async () => (await member2.list('apps/v1', 'Deployment')).length === objects.length,
    );
  });

  it('that refuses one kind is told of by name, and the others go on', async () => {
    await flow.stop();
    const before = (member: string, handler: ApiHandler): ApiHandler => {
      const refuses = (resource: string) => member === 'member1' && resource === 'services';
      const refusal = () => Promise.reject(serviceUnavailable('services are closed today'));
      return {
        ...handler,
        handle: (request) => (refuses(request.path.resource) ? refusal() : handler.handle(request)),
        watch: (request, sink) => (refuses(request.path.resource) ? refusal() : handler.watch(request, sink)),
      };
    };
    flow = await startFlow({ before });
    const { control, member2 } = handsOn(flow);
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name: 'web' },
      spec: { ports: [{ port: 80 }] },
    };
    await control.apply(service);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [service, nginx], { placement: onMembers('member1', 'member2') }));
    await applied(flow, nginx);
    await flow.until('it is in member2', () => member2.find(service));
    const binding = await flow.until('the refusal is told', async () => {
      const found = await control.get(bindingOf(service));
      return found.status?.aggregatedStatus?.some((each: Anything) => each.appliedMessage) && found;
    });
    expect(binding.status.aggregatedStatus[0]).toEqual({
      clusterName: 'member1',
      appliedMessage:
        'Failed to apply all manifests (0/1): cannot list services in cluster member1: services are closed today',
      health: 'Unknown',
    });
  });
});
