import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { schedule } from '../../plan.ts';
import { cluster, deployment, inputOf, scheduled, settingsWith } from '../scheduling.cases.ts';
import { defaultSettings, parsePlugins } from '../settings.ts';

const a = cluster('a', {
  spec: { provider: 'p1', region: 'r1', zones: ['z1'] },
  metadata: { labels: { env: 'prod' } },
});
const b = cluster('b', {
  spec: { provider: 'p2', region: 'r1', zones: ['z1', 'z2'] },
  metadata: { labels: { env: 'test' } },
});
const c = cluster('c');
const all = [a, b, c];
const namesOf = (placement: object, clusters: readonly Cluster[] = all, more: object = {}) => {
  const told = scheduled(deployment(placement, 1, more), clusters);
  return typeof told === 'string' ? told : Object.keys(told);
};

describe('ClusterAffinity', () => {
  const fields = (key: string, operator: string, ...values: string[]) => ({
    fieldSelector: { matchExpressions: [{ key, operator, values }] },
  });
  const noneMatches =
    '0/3 clusters are available: 3 cluster(s) did not match the placement cluster affinity constraint.';

  it.each<[string, object | undefined, string | readonly string[]]>([
    ['none', undefined, ['a', 'b', 'c']],
    ['an empty one', {}, ['a', 'b', 'c']],
    ['names', { clusterNames: ['b', 'nowhere'] }, ['b']],
    ['an empty list of names', { clusterNames: [] }, ['a', 'b', 'c']],
    ['what is excluded wins', { clusterNames: ['a', 'b'], exclude: ['b'] }, ['a']],
    ['all but one', { exclude: ['b'] }, ['a', 'c']],
    ['labels', { labelSelector: { matchLabels: { env: 'prod' } } }, ['a']],
    ['a label some have', { labelSelector: { matchExpressions: [{ key: 'env', operator: 'Exists' }] } }, ['a', 'b']],
    [
      'labels nobody can read',
      { labelSelector: { matchExpressions: [{ key: 'env', operator: 'Near' }] } },
      noneMatches,
    ],
    ['all parts hold', { labelSelector: { matchLabels: { env: 'prod' } }, clusterNames: ['b', 'c'] }, noneMatches],
    ['a field', fields('provider', 'In', 'p1', 'p9'), ['a']],
    ['a field others have', fields('provider', 'NotIn', 'p1'), ['b', 'c']],
    ['zones: all of them', fields('zone', 'In', 'z1'), ['a']],
    ['zones: none of them', fields('zone', 'NotIn', 'z2'), ['a', 'c']],
    ['a field nobody knows', fields('weather', 'In', 'fine'), noneMatches],
  ])('%s', (_what, clusterAffinity, expected) => expect(namesOf({ clusterAffinity })).toEqual(expected));
});

describe('TaintToleration', () => {
  const tainted = cluster('a', { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } });
  const preferred = cluster('a', { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } });
  const ends = cluster('a', { spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } });
  const held = { clusters: [{ name: 'a', replicas: 1 }] };
  const tolerating = (...clusterTolerations: object[]) => ({ clusterTolerations });
  const refused = (taint: string) => `0/1 clusters are available: 1 cluster(s) had untolerated taint {${taint}}.`;

  it.each<[string, Cluster, object, object, string | readonly string[]]>([
    ['a taint', tainted, {}, {}, refused('k=v:NoSchedule')],
    ['one that drives out', ends, {}, {}, refused('k:NoExecute')],
    ['a taint drives nobody out', tainted, {}, held, ['a']],
    ['a mere preference', preferred, {}, {}, ['a']],
    ['the same taint is tolerated', tainted, tolerating({ key: 'k', value: 'v' }), {}, ['a']],
    ['another value', tainted, tolerating({ key: 'k', value: 'w' }), {}, refused('k=v:NoSchedule')],
    ['any value', tainted, tolerating({ key: 'k', operator: 'Exists' }), {}, ['a']],
    ['any taint', tainted, tolerating({ operator: 'Exists' }), {}, ['a']],
    ['another effect', tainted, tolerating({ operator: 'Exists', effect: 'NoExecute' }), {}, refused('k=v:NoSchedule')],
  ])('%s', (_what, only, placement, more, expected) => expect(namesOf(placement, [only], more)).toEqual(expected));
});

describe('APIEnablement', () => {
  const unknown = cluster('a', { status: { apiEnablements: undefined } });
  const other = cluster('a', { status: { apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ kind: 'X' }] }] } });
  const lacks = '0/1 clusters are available: 1 cluster(s) did not have the API resource.';

  it.each<[string, Cluster, object, string | readonly string[]]>([
    ['a kind it does not have', other, {}, lacks],
    // Subtle behaviour 16.
    ['kinds it does not tell of', unknown, {}, lacks],
    ['a kind it no longer tells of, where it is placed', unknown, { clusters: [{ name: 'a' }] }, ['a']],
  ])('%s', (_what, only, more, expected) => expect(namesOf({}, [only], more)).toEqual(expected));

  it('a kind whose definition comes along', () => {
    const verdict = schedule({ ...inputOf(deployment({}, 1), [other]), bringsDefinition: true });
    expect(verdict).toMatchObject({ outcome: 'scheduled', clusters: [{ name: 'a' }] });
  });
});

describe('SpreadConstraint', () => {
  const by = (spreadByField: string) => ({ spreadConstraints: [{ spreadByField, minGroups: 1, maxGroups: 2 }] });

  it.each<[string, string]>([
    ['provider', 'provider'],
    ['region', 'region'],
    ['zone', 'zones'],
  ])('spread by %s goes only where there is one', (field, called) => {
    expect(namesOf(by(field), [c])).toBe(`0/1 clusters are available: 1 cluster(s) did not have ${called} property.`);
  });
});

it('ClusterEviction: not back to a cluster that is being left', () => {
  const left = { gracefulEvictionTasks: [{ fromCluster: 'a' }], clusters: [{ name: 'a' }] };
  expect(namesOf({}, [a, b], left)).toEqual(['b']);
  expect(namesOf({}, [a], left)).toBe('0/1 clusters are available: 1 cluster(s) is in the process of eviction.');
});

describe('workload groups', () => {
  const spec = (more: object = {}) =>
    deployment({}, 1, { workloadAffinityGroups: { affinityGroup: 'g=1', antiAffinityGroup: 'h=1' }, ...more });
  const peersOf = (affinity: string[][], antiAffinity: string[][]) => ({ peers: { affinity, antiAffinity } });
  const on = settingsWith({ WorkloadAffinity: true });

  it.each<[string, string[][], string[][], readonly string[]]>([
    ['nobody else', [], [], ['a', 'b', 'c']],
    ['together', [['a', 'b']], [], ['a', 'b']],
    [
      'together with all of them',
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      [],
      ['b'],
    ],
    ['who is placed nowhere holds nobody back', [[], ['c']], [[]], ['c']],
    ['apart', [], [['a'], ['c']], ['b']],
    ['both', [['a', 'b']], [['a']], ['b']],
  ])('%s', (_what, affinity, antiAffinity, expected) => {
    const found = scheduled(spec(), all, { ...peersOf(affinity, antiAffinity), settings: on });
    expect(Object.keys(found)).toEqual(expected);
  });

  it('what is placed stays, and reasons are told', () => {
    const held = spec({ clusters: [{ name: 'a' }] });
    expect(scheduled(held, all, { ...peersOf([['b']], [['a']]), settings: on })).toEqual({ a: 1, b: 1 });
    expect(scheduled(spec(), all, { ...peersOf([['x']], []), settings: on })).toBe(
      `0/3 clusters are available: 3 ResourceBinding with the same affinity group does not target this cluster.`,
    );
    expect(scheduled(spec(), all, { ...peersOf([], [['a', 'b', 'c']]), settings: on })).toBe(
      `0/3 clusters are available: 3 cluster already has workload with the same anti-affinity group.`,
    );
  });

  it('do not count while the gate is off, or where the binding names none', () => {
    const peers = peersOf([['b']], [['a']]);
    expect(Object.keys(scheduled(spec(), all, peers))).toEqual(['a', 'b', 'c']);
    expect(Object.keys(scheduled(deployment({}, 1), all, { ...peers, settings: on }))).toEqual(['a', 'b', 'c']);
  });
});

it('a plugin that is off refuses nobody', () => {
  const tainted = cluster('a', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } });
  const settings = { ...defaultSettings, plugins: parsePlugins(['*', '-TaintToleration']) };
  expect(scheduled(deployment({}, 1), [tainted], { settings })).toEqual({ a: 1 });
});

describe('what is told when no cluster fits', () => {
  const going = cluster('a', { metadata: { deletionTimestamp: 'now' } });

  it('how many were refused for what: each for the first reason', () => {
    const bare = cluster('bare', {
      status: { apiEnablements: [] },
      spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] },
    });
    const tainted = cluster('tainted', { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } });
    expect(namesOf({ clusterAffinity: { clusterNames: ['nowhere'] } }, [...all, tainted, bare])).toBe(
      '0/5 clusters are available: 1 cluster(s) did not have the API resource, 1 cluster(s) had untolerated taint {k=v:NoSchedule}, 3 cluster(s) did not match the placement cluster affinity constraint.',
    );
  });

  it('that there are none, or none that stay', () => {
    expect(namesOf({}, [])).toBe('0/0 clusters are available: no cluster exists.');
    expect(namesOf({}, [going])).toBe('0/1 clusters are available: no cluster exists.');
  });

  // Subtle behaviour 15.
  it('what was placed is withdrawn, and it is not tried again', () => {
    expect(schedule(inputOf(deployment({}, 1, { clusters: [{ name: 'a' }] }), [going]))).toMatchObject({
      outcome: 'noFit',
      withdraws: true,
      retried: false,
    });
  });
});
