import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import {
  aggregated,
  cluster,
  deployment,
  divided,
  dynamic,
  roomy,
  scheduled,
  settingsWith,
  spread,
  staticWeights,
  targets,
} from '../scheduling.cases.ts';

const constrained = (strategy: object, ...spreadConstraints: object[]) => ({ ...strategy, spreadConstraints });

describe('by cluster', () => {
  const clusters = [roomy('a', 4), roomy('b', 30), roomy('c', 60)];
  const by = (min: number, max: number, strategy: object = {}) => constrained(strategy, spread('cluster', min, max));

  it.each<[string, object, number, object, object | string]>([
    ['the roomiest', by(1, 2), 1, {}, { b: 1, c: 1 }],
    ['no more than there are', by(1, 9), 1, {}, { a: 1, b: 1, c: 1 }],
    ['where it is placed is better than where there is room', by(1, 1), 1, { clusters: targets({ a: 1 }) }, { a: 1 }],
    [
      'fewer than the least',
      by(4, 5),
      1,
      {},
      'failed to select clusters: the number of feasible clusters is less than spreadConstraint.MinGroups',
    ],
    // Subtle behaviour 5.
    ['at most none', by(0, 0), 1, {}, 'failed to assign replicas: no clusters available to schedule'],
    [
      'at most none, divided',
      by(0, 0, dynamic),
      1,
      {},
      'failed to select clusters: no enough resource when selecting 0 clusters',
    ],
    ['room does not count for what is placed whole', by(1, 1), 1000, {}, { c: 1000 }],
    [
      'it does for what is divided',
      by(1, 1, dynamic),
      61,
      {},
      'failed to select clusters: no enough resource when selecting 1 clusters',
    ],
    ['the last gives way to the roomiest', by(1, 2, dynamic), 70, { clusters: targets({ a: 0 }) }, ['b', 'c']],
    ['static weights say it all', by(1, 1, staticWeights({ a: 1, b: 1 })), 2, {}, { a: 1, b: 1 }],
    ['a single one, too', by(1, 1, staticWeights({ b: 1 })), 2, {}, { b: 2 }],
    ['no weights at all, too', by(1, 1, divided('Weighted')), 3, {}, { a: 1, b: 1, c: 1 }],
    ['an empty preference does not', by(1, 1, divided('Weighted', {})), 3, {}, { c: 3 }],
    ['as few as there is room in', by(1, 3, aggregated), 50, {}, { c: 50 }],
  ])('%s', (_what, placement, replicas, more, expected) => {
    const found = scheduled(deployment(placement, replicas, more), clusters);
    expect(Array.isArray(expected) ? Object.keys(found) : found).toEqual(expected);
  });

  it('a set of components stays in the cluster that it fills', () => {
    const components = ['head', 'worker'].map((name) => ({
      name,
      replicas: 2,
      replicaRequirements: { resourceRequest: { cpu: '1' } },
    }));
    const one = deployment(by(1, 1, aggregated), 0, {
      replicaRequirements: undefined,
      components,
      clusters: [{ name: 'full' }],
    });
    const settings = settingsWith({ MultiplePodTemplatesScheduling: true });
    const fleet = [roomy('full', 0), roomy('roomy', 60)];
    expect(scheduled(one, fleet, { settings })).toEqual({ full: null });
    expect(scheduled({ ...one, clusters: [] }, fleet, { settings })).toEqual({ roomy: null });
  });

  it('equals go by name', () => {
    const equal = ['c', 'a', 'b'].map((name) => roomy(name, 5));
    expect(scheduled(deployment(by(1, 2), 1), equal)).toEqual({ a: 1, b: 1 });
  });

  it('an exchange for room keeps the most preferred', () => {
    // 40 + 30 are too few: the second gives way to the roomiest of the rest, not the first.
    const three = [roomy('m1', 40), roomy('m2', 30), roomy('m3', 60)];
    const held = { clusters: targets({ m1: 0, m2: 0 }) };
    const found = scheduled(deployment(by(1, 2, dynamic), 80, held), three);
    expect(Object.keys(found)).toEqual(['m1', 'm3']);
  });
});

describe('by region', () => {
  const inRegion = (name: string, region: string, pods: number) => roomy(name, pods, { region });
  const clusters = [
    inRegion('a1', 'ra', 10),
    inRegion('a2', 'ra', 5),
    inRegion('b1', 'rb', 40),
    inRegion('c1', 'rc', 20),
    inRegion('c2', 'rc', 20),
    inRegion('c3', 'rc', 1),
  ];
  const by = (regions: [number, number], count: [number, number], strategy: object = {}) =>
    constrained(strategy, spread('region', ...regions), spread('cluster', ...count));

  it.each<[string, object, number, readonly string[] | string]>([
    ['the one with most clusters that hold it', by([1, 1], [1, 1]), 5, ['c1']],
    ['what just fits holds it', by([1, 1], [1, 1]), 20, ['c1']],
    ['the best of each first, then whoever is preferred', by([2, 2], [3, 3]), 5, ['a1', 'c1', 'c2']],
    ['one more region when the clusters are too few', by([1, 3], [5, 6]), 5, ['a1', 'a2', 'c1', 'c2', 'c3']],
    ['as many as the clusters’ most', by([2, 3], [2, 2]), 5, ['a1', 'c1']],
    ['divided: an even share has to fit', by([2, 2], [2, 2], dynamic), 60, ['b1', 'c1']],
    [
      'fewer regions than the least',
      by([4, 4], [1, 9]),
      1,
      'failed to select clusters: the number of feasible region is less than spreadConstraint.MinGroups',
    ],
    [
      'fewer clusters than the least',
      by([1, 1], [4, 9]),
      1,
      'failed to select clusters: the number of clusters is less than the cluster spreadConstraint.MinGroups',
    ],
  ])('%s', (_what, placement, replicas, expected) => {
    const found = scheduled(deployment(placement, replicas), clusters);
    expect(typeof expected === 'string' ? found : Object.keys(found)).toEqual(expected);
  });

  it('where it is placed is better, where as much fits', () => {
    const two = [inRegion('a', 'ra', 9), inRegion('b', 'rb', 9)];
    const held = { clusters: targets({ b: 1 }) };
    expect(Object.keys(scheduled(deployment(by([1, 1], [1, 1]), 1, held), two))).toEqual(['b']);
  });
});

describe('by provider and zone', () => {
  it.each(['provider', 'zone'])('%s alone cannot be selected on', (field) => {
    const clusters: readonly Cluster[] = [cluster('a', { spec: { provider: 'p', zones: ['z'] } })];
    expect(scheduled(deployment(constrained({}, spread(field, 1, 1)), 1), clusters)).toBe(
      'failed to select clusters: just support cluster and region spread constraint',
    );
  });

  it('beside one by cluster they keep out who has none', () => {
    const clusters = [cluster('a', { spec: { provider: 'p' } }), cluster('b')];
    const placement = constrained({}, spread('provider', 1, 1), spread('cluster', 1, 2));
    expect(scheduled(deployment(placement, 1), clusters)).toEqual({ a: 1 });
  });
});
