import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { Binding } from '#apis/work/binding.ts';
import { isOurs, isScheduled, needsScheduling, placementText, withoutLeaving } from './needs.ts';

const placement = {
  clusterAffinity: { clusterNames: ['a', 'b'] },
  replicaScheduling: { replicaSchedulingType: 'Divided' },
} as Placement;
const clusters = new Map(['a', 'b'].map((name) => [name, { metadata: { name }, spec: {} } as unknown as Cluster]));
const leaving = new Map([
  ...clusters,
  ['b', { metadata: { name: 'b', deletionTimestamp: 'now' } } as unknown as Cluster],
]);
const spec = {
  placement,
  replicas: 3,
  clusters: [
    { name: 'a', replicas: 2 },
    { name: 'b', replicas: 1 },
  ],
};
const binding = (more: object = {}, recorded: Placement | string = placement, status: object = {}): Binding =>
  ({
    metadata: {
      name: 'web',
      annotations: {
        'policy.karmada.io/applied-placement': typeof recorded === 'string' ? recorded : placementText(recorded),
      },
    },
    spec: { ...spec, ...more },
    status: { lastScheduledTime: '2026-01-01T00:00:10Z', ...status },
  }) as unknown as Binding;

describe('needsScheduling', () => {
  const elsewhere = { ...placement, clusterAffinity: { clusterNames: ['a'] } } as Placement;
  const grouped = (...second: string[]) =>
    ({
      replicaScheduling: placement.replicaScheduling,
      clusterAffinities: [
        { affinityName: 'first', clusterNames: ['a'] },
        { affinityName: 'second', clusterNames: second },
      ],
    }) as unknown as Placement;
  const only = (name: string) =>
    ({
      replicaScheduling: placement.replicaScheduling,
      clusterAffinities: [{ affinityName: 'first', clusterNames: [name] }],
    }) as unknown as Placement;
  const inFirst = { schedulerObservingAffinityName: 'first' };
  const inSecond = { schedulerObservingAffinityName: 'second' };
  const alike = { ...placement, workloadAffinity: { affinity: { groupByLabelKey: 'app' } } } as Placement;

  it.each<[string, Binding, boolean]>([
    ['what is divided stays', binding(), false],
    ['another placement', binding({}, elsewhere), true],
    ['no record of one', binding({}, ''), true],
    ['a record nobody can read', binding({}, '{'), true],
    // Subtle behaviour 3.
    ['workload affinity alone', binding({ placement: alike }), false],
    ['the group in use', binding({ placement: grouped('b') }, grouped('a'), inSecond), true],
    ['another group', binding({ placement: grouped('b') }, grouped('a'), inFirst), false],
    [
      'the group in use is gone',
      binding({ placement: grouped('b') }, grouped('b'), { schedulerObservingAffinityName: 'gone' }),
      false,
    ],
    ['the only group there is', binding({ placement: only('b') }, only('a'), inFirst), true],
    ['other replicas', binding({ replicas: 4 }), true],
    ['a single one stays', binding({ replicas: 1, clusters: [{ name: 'a', replicas: 1 }] }), false],
    ['a single one, placed without a number', binding({ replicas: 1, clusters: [{ name: 'a' }] }), true],
    ['asked for after the last time', binding({ rescheduleTriggeredAt: '2026-01-01T00:00:11Z' }), true],
    ['asked for in the same second', binding({ rescheduleTriggeredAt: '2026-01-01T00:00:10Z' }), false],
    ['asked for before it', binding({ rescheduleTriggeredAt: '2026-01-01T00:00:09Z' }), false],
    [
      'asked for before there was a success',
      binding({ rescheduleTriggeredAt: '2026-01-01T00:00:11Z' }, placement, { lastScheduledTime: undefined }),
      false,
    ],
    ['what is placed whole', binding({ placement: { clusterAffinity: {} } }), true],
    ['what has no replicas', binding({ replicas: undefined, clusters: [] }), true],
    ['what is scaled to none', binding({ replicas: 0, replicaRequirements: {}, clusters: [] }), true],
    [
      'several kinds of Pods, placed nowhere',
      binding({ components: [{ name: 'x', replicas: 3 }], clusters: [] }),
      true,
    ],
    [
      'several kinds of Pods, placed whole',
      binding({ replicas: undefined, components: [{ name: 'x', replicas: 3 }], clusters: [{ name: 'a' }] }),
      false,
    ],
    [
      'the only kind of Pods, placed whole',
      binding({ replicas: 3, components: [{ name: 'x', replicas: 3 }], clusters: [{ name: 'a' }] }),
      false,
    ],
    [
      'several kinds of Pods, divided by another placement',
      binding({ replicas: undefined, components: [{ name: 'x', replicas: 3 }], clusters: [{ name: 'a' }] }, elsewhere),
      true,
    ],
  ])('%s', (_what, given, expected) => {
    expect(needsScheduling(given, clusters)).toBe(expected);
  });

  it('when a cluster that holds some is going', () => {
    expect(needsScheduling(binding(), leaving)).toBe(true);
  });
});

describe('isScheduled', () => {
  const labelled = (key: string | undefined, more: object = {}) =>
    ({ metadata: { labels: key ? { [key]: 'id' } : {} }, spec: { placement, ...more } }) as unknown as Binding;

  it.each<[string, Binding, boolean]>([
    ['of a policy', labelled('propagationpolicy.karmada.io/permanent-id'), true],
    ['of a cluster-wide policy', labelled('clusterpropagationpolicy.karmada.io/permanent-id'), true],
    ['of another controller', labelled('binding.karmada.io/managed-by'), true],
    ['of nobody', labelled(undefined), false],
    ['without a placement', labelled('binding.karmada.io/managed-by', { placement: undefined }), false],
    ['suspended', labelled('binding.karmada.io/managed-by', { suspension: { scheduling: true } }), false],
    ['dispatching suspended', labelled('binding.karmada.io/managed-by', { suspension: { dispatching: true } }), true],
  ])('%s', (_what, given, expected) => {
    expect(isScheduled(given)).toBe(expected);
  });
});

it('isOurs: the scheduler named, the default one where none is', () => {
  const named = (schedulerName?: string) => ({ spec: { schedulerName } }) as unknown as Binding;
  expect(isOurs(named(), 'default-scheduler')).toBe(true);
  expect(isOurs(named('other'), 'default-scheduler')).toBe(false);
  expect(isOurs(named('other'), 'other')).toBe(true);
});

it('placementText has Go’s order of fields, whatever order they were given in', () => {
  const turned = Object.fromEntries(Object.entries(placement).reverse()) as Placement;
  expect(placementText(turned)).toBe(
    '{"clusterAffinity":{"clusterNames":["a","b"]},"replicaScheduling":{"replicaSchedulingType":"Divided"}}',
  );
});

it('withoutLeaving leaves a cluster that is going, and nothing else', () => {
  const { spec: given } = binding();
  expect(withoutLeaving(given, clusters)).toBe(given);
  expect(withoutLeaving(given, leaving).clusters).toEqual([{ name: 'a', replicas: 2 }]);
  const { clusters: _, ...rest } = given;
  expect(withoutLeaving({ ...given, clusters: [{ name: 'b' }] }, leaving)).toEqual(rest);
});
