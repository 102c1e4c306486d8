import { describe, expect, it } from 'vitest';
import { schedule } from '../../plan.ts';
import {
  aggregated,
  cluster,
  deployment,
  divided,
  dynamic,
  inputOf,
  resource,
  roomy,
  scheduled,
  staticWeights,
  targets,
} from '../scheduling.cases.ts';
import { defaultSettings } from '../settings.ts';

const asked = { rescheduleTriggeredAt: '2026-01-01T00:00:11Z' };
const since = { status: { lastScheduledTime: '2026-01-01T00:00:10Z' } };
const three = [cluster('a'), cluster('b'), cluster('c')];

describe('whole', () => {
  it.each<[string, object, number | undefined, object, object]>([
    ['everywhere', {}, 3, {}, { a: 3, b: 3, c: 3 }],
    ['said so', { replicaScheduling: { replicaSchedulingType: 'Duplicated' } }, 3, {}, { a: 3, b: 3, c: 3 }],
    ['what has no replicas', {}, undefined, { replicaRequirements: undefined }, { a: null, b: null, c: null }],
    ['what is scaled to none', {}, 0, {}, { a: 0, b: 0, c: 0 }],
    ['divided, but without replicas', dynamic, 0, { replicaRequirements: undefined }, { a: null, b: null, c: null }],
    [
      'divided, but of several kinds of Pods',
      dynamic,
      3,
      {
        components: [
          { name: 'x', replicas: 1 },
          { name: 'y', replicas: 2 },
        ],
      },
      { a: null, b: null, c: null },
    ],
  ])('%s', (_what, placement, replicas, more, expected) => {
    expect(scheduled(deployment(placement, replicas!, more), three)).toEqual(expected);
  });
});

describe('by static weight', () => {
  it.each<[string, object, number, object, object]>([
    ['alike', divided(), 3, {}, { a: 1, b: 1, c: 1 }],
    ['alike, said so', divided('Weighted'), 3, {}, { a: 1, b: 1, c: 1 }],
    ['by weight', staticWeights({ a: 2, b: 1 }), 3, {}, { a: 2, b: 1 }],
    ['whom no rule names gets none', staticWeights({ a: 1 }), 3, {}, { a: 3 }],
    ['a cluster without a share holds nothing', staticWeights({ a: 9, b: 1 }), 1, {}, { a: 1 }],
    ['weights that match none are no weights', staticWeights({ nowhere: 1 }), 3, {}, { a: 1, b: 1, c: 1 }],
    // Subtle behaviour 10: from scratch, whatever is placed where.
    ['from scratch', staticWeights({ a: 1, b: 1 }), 4, { clusters: targets({ a: 1, c: 3 }) }, { a: 2, b: 2 }],
  ])('%s', (_what, placement, replicas, more, expected) => {
    expect(scheduled(deployment(placement, replicas, more), three)).toEqual(expected);
  });

  it('the largest weight of the rules that match counts', () => {
    const rule = (targetCluster: object, weight: number) => ({ targetCluster, weight });
    const placement = divided('Weighted', {
      staticWeightList: [
        rule({ clusterNames: ['a'] }, 1),
        rule({ exclude: ['c'] }, 3),
        rule({ clusterNames: ['a'] }, 2),
      ],
    });
    expect(scheduled(deployment(placement, 4), three)).toEqual({ a: 2, b: 2 });
  });

  it('a tie falls one way or the other by the template', () => {
    const first = (uid: string) =>
      Object.keys(scheduled(deployment(divided(), 1, { resource: { ...resource, uid } }), three))[0];
    expect(new Set(['u1', 'u2', 'u3', 'u4', 'u5', 'u6'].map(first))).toEqual(new Set(['a', 'c']));
  });
});

describe('by available replicas', () => {
  const clusters = [roomy('a', 6), roomy('b', 12), roomy('c', 18)];
  it.each<[string, number, Record<string, number>, object | string]>([
    ['first: by room', 12, {}, { a: 2, b: 4, c: 6 }],
    ['all the room there is', 36, {}, { a: 6, b: 12, c: 18 }],
    [
      'more than there is',
      37,
      {},
      'failed to assign replicas: failed to scale up: Clusters available replicas 36 are not enough to schedule.',
    ],
    // Subtle behaviour 10: only what is new is divided.
    ['up: what is placed stays, the rest by room', 18, { a: 6 }, { a: 8, b: 4, c: 6 }],
    ['down: by what each has', 6, { a: 4, b: 8 }, { a: 2, b: 4 }],
    ['down to none at one', 1, { a: 1, b: 8 }, { b: 1 }],
    ['as many as wanted: nothing moves', 5, { a: 1, b: 4 }, { a: 1, b: 4 }],
    ['what was placed elsewhere is placed anew', 12, { gone: 12 }, { a: 2, b: 4, c: 6 }],
  ])('steady, %s', (_what, replicas, held, expected) => {
    expect(scheduled(deployment(dynamic, replicas, { clusters: targets(held) }), clusters)).toEqual(expected);
  });

  it('steady, what is placed without a number is none', () => {
    expect(scheduled(deployment(dynamic, 12, { clusters: [{ name: 'a' }] }), clusters)).toEqual({ a: 2, b: 4, c: 6 });
    expect(scheduled(deployment(dynamic, 1, { clusters: [{ name: 'a' }] }), clusters)).toEqual({ c: 1 });
  });

  it('fresh: as if nothing were placed, with the room it takes', () => {
    const held = { clusters: targets({ a: 6 }), ...asked };
    expect(scheduled(deployment(dynamic, 42, held), clusters, since)).toEqual({ a: 12, b: 12, c: 18 });
    expect(scheduled(deployment(dynamic, 43, held), clusters, since)).toBe(
      'failed to assign replicas: failed to do fresh scale: Clusters available replicas 42 are not enough to schedule.',
    );
  });

  it('is fresh only after a success, and once', () => {
    const held = deployment(dynamic, 12, { clusters: targets({ a: 12 }), ...asked });
    expect(scheduled(held, clusters)).toEqual({ a: 12 });
    const later = { status: { lastScheduledTime: '2026-01-01T00:00:12Z' } };
    expect(scheduled(held, clusters, later)).toEqual({ a: 12 });
  });

  it('what there is no room for is tried again, and nothing is withdrawn', () => {
    expect(schedule(inputOf(deployment(dynamic, 37), clusters))).toMatchObject({
      outcome: 'unschedulable',
      withdraws: false,
      retried: true,
    });
  });
});

describe('aggregated', () => {
  const clusters = [roomy('a', 6), roomy('b', 12), roomy('c', 18)];

  it.each<[string, number, Record<string, number>, object]>([
    ['in the roomiest', 12, {}, { c: 12 }],
    ['in as few as hold it, by their room', 20, {}, { b: 8, c: 12 }],
    ['up: where it is placed first', 8, { a: 4 }, { a: 8 }],
    ['up: and only then elsewhere', 14, { a: 4 }, { a: 7, c: 7 }],
    ['down: as few as held it, the largest first', 5, { a: 2, b: 3, c: 6 }, { c: 5 }],
    ['down: more than one where one does not hold it', 8, { a: 2, b: 3, c: 6 }, { b: 3, c: 5 }],
    ['as many as wanted: nothing moves', 3, { a: 1, b: 2 }, { a: 1, b: 2 }],
  ])('%s', (_what, replicas, held, expected) => {
    const found = scheduled(deployment(aggregated, replicas, { clusters: targets(held) }), clusters);
    expect(found).toEqual(expected);
  });

  it('equally roomy: by name', () => {
    expect(scheduled(deployment(aggregated, 2), [roomy('b', 5), roomy('a', 5)])).toEqual({ a: 2 });
  });

  it('fresh, equally roomy: where it is placed', () => {
    const held = { clusters: targets({ b: 2 }), ...asked };
    expect(scheduled(deployment(aggregated, 3, held), [roomy('a', 6), roomy('b', 4)], since)).toEqual({ b: 3 });
  });
});

describe('overflow', () => {
  const term = {
    affinityName: 'own',
    clusterNames: ['a', 'b'],
    overflowAffinities: [
      { affinityName: 'rented', clusterNames: ['c', 'a'] },
      { affinityName: 'far', clusterNames: ['d'] },
    ],
  };
  const placement = (strategy: object) => ({ ...strategy, clusterAffinities: [term] });
  const clusters = [roomy('a', 4), roomy('b', 4), roomy('c', 10), roomy('d', 10)];

  it.each<[string, number, Record<string, number>, object | string]>([
    ['in the first tier while there is room', 8, {}, { a: 4, b: 4 }],
    ['then in the next', 12, {}, { a: 4, b: 4, c: 4 }],
    ['and the next', 20, {}, { a: 4, b: 4, c: 10, d: 2 }],
    [
      'more than all of them hold',
      29,
      {},
      'failed to assign replicas: Clusters available replicas 28 are not enough to schedule.',
    ],
    ['what came back stays where there is room', 6, { a: 2, b: 2, c: 4 }, { a: 3, b: 3 }],
  ])('%s', (_what, replicas, held, expected) => {
    const found = scheduled(deployment(placement(dynamic), replicas, { clusters: targets(held) }), clusters);
    expect(found).toEqual(expected);
  });

  it('fewer are taken from the last tier first', () => {
    const full = [roomy('a', 0), roomy('b', 0), roomy('c', 6), roomy('d', 9)];
    const held = { clusters: targets({ a: 4, b: 4, c: 4, d: 1 }) };
    expect(scheduled(deployment(placement(dynamic), 9, held), full)).toEqual({ a: 4, b: 4, c: 1 });
    expect(scheduled(deployment(placement(dynamic), 6, held), full)).toEqual({ a: 3, b: 3 });
  });

  it('a tier is aggregated by itself', () => {
    expect(scheduled(deployment(placement(aggregated), 9), clusters)).toEqual({ a: 4, b: 4, c: 1 });
  });

  it('what has no replicas does not overflow', () => {
    const config = deployment(placement({}), undefined as unknown as number, { replicaRequirements: undefined });
    expect(scheduled(config, clusters)).toEqual({ a: null, b: null });
    expect(scheduled(config, [roomy('c', 1)])).toBe(
      '0/1 clusters are available: 1 cluster(s) did not match the placement cluster affinity constraint.',
    );
  });
});

describe('empty shares', () => {
  const wanted = { settings: { ...defaultSettings, emptyWorkloads: true } };

  it.each<[string, object, number, object]>([
    ['of weights', staticWeights({ a: 9, b: 1 }), 1, { a: 1, b: 0, c: 0 }],
    ['of what is divided and scaled to none', divided(), 0, { a: 0, b: 0, c: 0 }],
  ])('are no targets, unless they are wanted: %s', (_what, placement, replicas, expected) => {
    const spec = deployment(placement, replicas);
    expect(scheduled(spec, three, wanted)).toEqual(expected);
    const full = Object.fromEntries(Object.entries(expected).filter(([, count]) => count > 0));
    expect(scheduled(spec, three)).toEqual(full);
  });
});
