import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { BindingSpec, BindingStatus } from '#apis/work/binding-spec.ts';
import { scheduledCondition } from './conditions.ts';
import { prepareFleet } from './plan/fleet.ts';
import { defaultSettings } from './plan/settings.ts';
import type { Verdict } from './plan/verdict.ts';
import { clustersToEstimate, schedule as decide } from './plan.ts';

const cluster = (name: string, spec: object = {}, metadata: object = {}): Cluster =>
  ({
    metadata: { name, ...metadata },
    spec,
    status: { apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ name: 'deployments', kind: 'Deployment' }] }] },
  }) as unknown as Cluster;
const a = cluster('a', { provider: 'p1', region: 'r1', zones: ['z1'] }, { labels: { env: 'prod' } });
const b = cluster('b', { provider: 'p2', region: 'r1', zones: ['z1', 'z2'] }, { labels: { env: 'test' } });
const c = cluster('c');
const all = [a, b, c];

const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web', uid: 'u' };
const binding = (placement: object, more: object = {}): BindingSpec =>
  ({ resource, replicas: 3, placement: placement as Placement, ...more }) as BindingSpec;
const schedule = (spec: BindingSpec, status: BindingStatus | undefined, clusters: readonly Cluster[]) =>
  decide({ spec, status, fleet: prepareFleet(clusters), settings: defaultSettings });
const namesOf = (verdict: Verdict) =>
  verdict.outcome === 'scheduled' ? verdict.clusters.map(({ name }) => name) : verdict.message;

describe('cluster affinity', () => {
  const fields = (key: string, operator: string, ...values: string[]) => ({
    fieldSelector: { matchExpressions: [{ key, operator, values }] },
  });

  it.each<[string, object | undefined, readonly string[]]>([
    ['none', undefined, ['a', 'b', 'c']],
    ['an empty one', {}, ['a', 'b', 'c']],
    ['names', { clusterNames: ['b', 'nowhere'] }, ['b']],
    ['an empty list of names', { clusterNames: [] }, ['a', 'b', 'c']],
    ['what is excluded wins', { clusterNames: ['a', 'b'], exclude: ['b'] }, ['a']],
    ['labels', { labelSelector: { matchLabels: { env: 'prod' } } }, ['a']],
    ['all parts hold', { labelSelector: { matchLabels: { env: 'prod' } }, clusterNames: ['b', 'c'] }, []],
    ['a field', fields('provider', 'In', 'p1', 'p9'), ['a']],
    ['a field others have', fields('provider', 'NotIn', 'p1'), ['b', 'c']],
    ['zones: all of them', fields('zone', 'In', 'z1'), ['a']],
    ['zones: none of them', fields('zone', 'NotIn', 'z2'), ['a', 'c']],
    ['a field nobody knows', fields('weather', 'In', 'fine'), []],
  ])('%s', (_what, clusterAffinity, expected) => {
    const verdict = schedule(binding({ clusterAffinity }), undefined, all);
    expect(expected.length > 0 ? namesOf(verdict) : verdict.outcome).toEqual(expected.length > 0 ? expected : 'noFit');
  });
});

describe('filters', () => {
  const tainted = cluster('a', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] });
  const preferred = cluster('a', { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] });
  const bare = { ...cluster('a'), status: {} } as Cluster;
  const held = { clusters: [{ name: 'a', replicas: 3 }] };
  const tolerating = (...clusterTolerations: object[]) => ({ clusterTolerations });
  const taint = '0/1 clusters are available: 1 cluster(s) had untolerated taint {k=v:NoSchedule}.';

  it.each<[string, Cluster, object, object, string | readonly string[]]>([
    ['a taint', tainted, {}, {}, taint],
    ['a taint drives nobody out', tainted, {}, held, ['a']],
    ['a mere preference', preferred, {}, {}, ['a']],
    ['the same taint is tolerated', tainted, tolerating({ key: 'k', value: 'v' }), {}, ['a']],
    ['another value', tainted, tolerating({ key: 'k', value: 'w' }), {}, taint],
    ['any value', tainted, tolerating({ key: 'k', operator: 'Exists' }), {}, ['a']],
    ['any taint', tainted, tolerating({ operator: 'Exists' }), {}, ['a']],
    ['another effect', tainted, tolerating({ operator: 'Exists', effect: 'NoExecute' }), {}, taint],
    [
      'a kind it does not have',
      bare,
      {},
      {},
      '0/1 clusters are available: 1 cluster(s) did not have the API resource.',
    ],
    ['a kind it no longer tells of', bare, {}, held, ['a']],
    [
      'one that is being left',
      a,
      {},
      { gracefulEvictionTasks: [{ fromCluster: 'a' }] },
      '0/1 clusters are available: 1 cluster(s) is in the process of eviction.',
    ],
    ['one that is going', cluster('a', {}, { deletionTimestamp: 'now' }), {}, {}, '0/1 clusters are available.'],
  ])('%s', (_what, only, placement, more, expected) => {
    expect(namesOf(schedule(binding(placement, more), undefined, [only]))).toEqual(expected);
  });

  it('tells how many were refused for what, and that there are none', () => {
    const nowhere = { clusterAffinity: { clusterNames: ['nowhere'] } };
    expect(namesOf(schedule(binding(nowhere), undefined, [...all, tainted, bare]))).toBe(
      '0/5 clusters are available: 1 cluster(s) did not have the API resource, 1 cluster(s) had untolerated taint {k=v:NoSchedule}, 3 cluster(s) did not match the placement cluster affinity constraint.',
    );
    expect(namesOf(schedule(binding({}), undefined, []))).toBe('no clusters available to schedule');
  });
});

describe('replicas', () => {
  const divided = (more: object = {}) => ({ replicaScheduling: { replicaSchedulingType: 'Divided', ...more } });
  const weighted = (...weights: [string, number][]) =>
    divided({
      replicaDivisionPreference: 'Weighted',
      weightPreference: {
        staticWeightList: weights.map(([name, weight]) => ({ targetCluster: { clusterNames: [name] }, weight })),
      },
    });
  const assigned = (placement: object, more: object = {}) => {
    const verdict = schedule(binding(placement, more), undefined, all);
    return verdict.outcome === 'scheduled'
      ? Object.fromEntries(verdict.clusters.map(({ name, replicas }) => [name, replicas]))
      : verdict.message;
  };

  it.each<[string, object, object, object]>([
    ['whole everywhere', {}, {}, { a: 3, b: 3, c: 3 }],
    ['whole, said so', { replicaScheduling: { replicaSchedulingType: 'Duplicated' } }, {}, { a: 3, b: 3, c: 3 }],
    ['of what has none', {}, { replicas: undefined }, { a: undefined, b: undefined, c: undefined }],
    ['of what is scaled to none', {}, { replicas: 0, replicaRequirements: {} }, { a: 0, b: 0, c: 0 }],
    ['alike', divided(), {}, { a: 1, b: 1, c: 1 }],
    ['by weight', weighted(['a', 2], ['b', 1]), {}, { a: 2, b: 1 }],
    ['the largest weight of a cluster counts', weighted(['a', 1], ['a', 5], ['b', 5]), { replicas: 4 }, { a: 2, b: 2 }],
    ['a cluster without a share holds nothing', weighted(['a', 9], ['b', 1]), { replicas: 1 }, { a: 1 }],
    ['weights that match none are no weights', weighted(['nowhere', 1]), {}, { a: 1, b: 1, c: 1 }],
  ])('%s', (_what, placement, more, expected) => {
    expect(assigned(placement, more)).toEqual(expected);
  });

  it('a tie falls one way or the other by the template', () => {
    const one = (uid: string) => Object.keys(assigned(divided(), { replicas: 1, resource: { ...resource, uid } }))[0];
    expect(new Set(['u1', 'u2', 'u3', 'u4', 'u5', 'u6'].map(one))).toEqual(new Set(['a', 'c']));
  });

  it('none is lost, none is made, and nobody has more than a share and one', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.nat(60), weights, fc.uuid(), (replicas, [x, y, z], uid) => {
        const placement = weighted(['a', x!], ['b', y!], ['c', z!]);
        const found = assigned(placement, { replicas, replicaRequirements: {}, resource: { ...resource, uid } });
        const counts = found as Record<string, number>;
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(replicas);
        const total = x! + y! + z!;
        for (const [name, weight] of [
          ['a', x!],
          ['b', y!],
          ['c', z!],
        ] as const) {
          expect(Math.abs((counts[name] ?? 0) - (replicas * weight) / total)).toBeLessThan(2);
        }
      }),
    );
  });
});

describe('affinity groups', () => {
  const group = (affinityName: string, ...clusterNames: string[]) => ({ affinityName, clusterNames });
  const groups = { clusterAffinities: [group('first', 'x'), group('second', 'a'), group('third', 'b')] };
  const observing = (schedulerObservingAffinityName: string) => ({ schedulerObservingAffinityName });

  it('the first that fits', () => {
    expect(schedule(binding(groups), undefined, all)).toMatchObject({
      affinityName: 'second',
      clusters: [{ name: 'a' }],
    });
  });

  it('never an earlier one again', () => {
    const back = { clusterAffinities: [group('first', 'c'), group('second', 'a'), group('third', 'b')] };
    expect(schedule(binding(back), observing('second'), all)).toMatchObject({ affinityName: 'second' });
    expect(schedule(binding(back), observing('third'), all)).toMatchObject({ affinityName: 'third' });
    expect(schedule(binding(back), observing('gone'), all)).toMatchObject({ affinityName: 'first' });
  });

  it('when none fits, why the first did not', () => {
    expect(schedule(binding({ clusterAffinities: [group('first', 'x')] }), undefined, all)).toEqual({
      withdraws: true,
      retried: false,
      outcome: 'noFit',
      message: '0/3 clusters are available: 3 cluster(s) did not match the placement cluster affinity constraint.',
    });
  });
});

describe('what it does not do', () => {
  it.each<[object, string]>([
    [{ spreadConstraints: [{ maxGroups: 1 }] }, 'spec.placement.spreadConstraints'],
    [{ workloadAffinity: {} }, 'spec.placement.workloadAffinity'],
    [{ clusterAffinities: [{ affinityName: 'x', overflowAffinities: [{}] }] }, 'overflowAffinities'],
    [
      { replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' } },
      'replicaDivisionPreference Aggregated',
    ],
    [
      {
        replicaScheduling: {
          replicaSchedulingType: 'Divided',
          weightPreference: { dynamicWeight: 'AvailableReplicas' },
        },
      },
      'weightPreference.dynamicWeight',
    ],
  ])('%j is said, and nothing is changed', (placement, name) => {
    const verdict = schedule(binding(placement), undefined, all);
    expect(verdict).toMatchObject({ outcome: 'error', message: expect.stringContaining(`does not support ${name}`) });
  });
});

describe('scheduledCondition', () => {
  it.each<[Verdict, string, string]>([
    [{ outcome: 'scheduled', clusters: [] }, 'True', 'Success'],
    [{ outcome: 'noFit', message: 'm', withdraws: true, retried: false }, 'False', 'NoClusterFit'],
    [{ outcome: 'unschedulable', message: 'm', withdraws: false, retried: true }, 'False', 'Unschedulable'],
    [{ outcome: 'error', message: 'm', withdraws: false, retried: true }, 'False', 'SchedulerError'],
  ])('of %j', (verdict, status, reason) => {
    expect(scheduledCondition(verdict, 't')).toMatchObject({
      type: 'Scheduled',
      status,
      reason,
      lastTransitionTime: 't',
    });
  });
});

it('does not depend on the order clusters are known in', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (shuffled) => {
      expect(schedule(binding({}), undefined, shuffled)).toEqual(schedule(binding({}), undefined, all));
    }),
  );
});

it('asks no estimator about what is placed whole', () => {
  const fleet = prepareFleet(all);
  const input = { spec: binding({}), status: undefined, fleet, settings: defaultSettings };
  expect(clustersToEstimate(input)).toEqual([]);
});
