import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { policyId } from '#apis/names/labels.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { Binding } from '#apis/work/binding.ts';
import { keyOf } from '#kube/meta/key.ts';
import { affectedBindings } from './affected.ts';
import { addNews, bindingMatters, isNews, noNews } from './wake.ts';

const cluster = (name: string, more: Record<string, unknown> = {}): Cluster =>
  ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, generation: 1, labels: { tier: 'gold' }, ...(more.metadata as object) },
    spec: { syncMode: 'Push' },
    status: more.status,
  }) as unknown as Cluster;

interface Given {
  readonly placement?: Placement;
  readonly clusters?: readonly string[];
  readonly kind?: string;
  readonly status?: Record<string, unknown>;
  readonly claimed?: boolean;
}

const binding = (name: string, { placement, clusters = [], kind = 'Deployment', status, claimed = true }: Given = {}) =>
  ({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { namespace: 'default', name, generation: 1, labels: claimed ? { [policyId]: 'id' } : {} },
    spec: {
      placement: placement ?? {},
      resource: { apiVersion: 'apps/v1', kind, name },
      clusters: clusters.map((each) => ({ name: each })),
    },
    status,
  }) as unknown as Binding;

function setUp(...bindings: readonly Binding[]) {
  const known = new Map(bindings.map((each) => [keyOf(each), each]));
  const affected = affectedBindings({ get: (key) => known.get(key), list: () => [...known.values()] });
  for (const each of bindings) affected.note(each);
  const names = (...changes: readonly Parameters<typeof addNews>[1][]) => {
    const news = noNews();
    for (const change of changes) addNews(news, change);
    return [...new Set([...affected.by(news)].flat())].map((key) => key.replace('default/', '')).sort();
  };
  return { affected, names };
}

const updated = (old: Cluster, object: Cluster) => ({ type: 'updated', old, object, initial: false }) as const;
const added = (object: Cluster, initial = false) => ({ type: 'added', object, initial }) as const;
const deleted = (object: Cluster) => ({ type: 'deleted', object, initial: false }) as const;

const onClusters = (...clusterNames: readonly string[]): Placement => ({ clusterAffinity: { clusterNames } });
const onTier = (tier: string): Placement => ({ clusterAffinity: { labelSelector: { matchLabels: { tier } } } });
const changed = (name: string) => updated(cluster(name), cluster(name, { metadata: { generation: 2 } }));

describe('a changed cluster concerns', () => {
  it('bindings whose affinity matches it, and those without any', () => {
    const { names } = setUp(
      binding('any'),
      binding('a', { placement: onClusters('a') }),
      binding('b', { placement: onClusters('b') }),
      binding('gold', { placement: onTier('gold') }),
    );
    expect(names(changed('a'))).toEqual(['a', 'any', 'gold']);
    expect(names(changed('a'), changed('b'))).toEqual(['a', 'any', 'b', 'gold']);
  });

  it('those it matched before and those it matches now, when its labels change', () => {
    const { names } = setUp(
      binding('gold', { placement: onTier('gold') }),
      binding('silver', { placement: onTier('silver') }),
      binding('bronze', { placement: onTier('bronze') }),
    );
    const silver = cluster('a', { metadata: { labels: { tier: 'silver' } } });
    expect(names(updated(cluster('a'), silver))).toEqual(['gold', 'silver']);
  });

  it('nobody, when only its status changed in what nobody goes by', () => {
    const { names } = setUp(binding('any'));
    const status = { kubernetesVersion: 'v1', resourceSummary: { allocatable: { cpu: '1' }, allocated: { cpu: '1' } } };
    expect(names(updated(cluster('a'), cluster('a', { status })))).toEqual([]);
    expect(names(added(cluster('a'), true))).toEqual([]);
    expect(isNews(noNews())).toBe(false);
  });

  it('those it may serve, when it is new', () => {
    const { names } = setUp(binding('any'), binding('b', { placement: onClusters('b') }));
    expect(names(added(cluster('a')))).toEqual(['any']);
  });

  it('bindings of a kind that it comes to serve, not of one it no longer serves', () => {
    const serving = (...kinds: readonly string[]) =>
      cluster('a', {
        status: {
          apiEnablements: [{ groupVersion: 'apps/v1', resources: kinds.map((kind) => ({ kind, name: kind })) }],
        },
      });
    const { names } = setUp(
      binding('web'),
      binding('db', { kind: 'StatefulSet' }),
      binding('b', { placement: onClusters('b') }),
    );
    expect(names(updated(serving('StatefulSet'), serving('StatefulSet', 'Deployment')))).toEqual(['web']);
    expect(names(updated(serving('StatefulSet', 'Deployment'), serving('Deployment')))).toEqual([]);
  });

  it('bindings that wait for room, when it has more', () => {
    const using = (cpu: string) =>
      cluster('a', { status: { resourceSummary: { allocatable: { cpu: '4' }, allocated: { cpu } } } });
    const waiting = { conditions: [{ type: 'Scheduled', status: 'False', reason: 'Unschedulable' }] };
    const { names } = setUp(
      binding('placed'),
      binding('waiting', { status: waiting }),
      binding('elsewhere', { status: waiting, placement: onClusters('b') }),
    );
    expect(names(updated(using('3500m'), using('3')))).toEqual(['waiting']);
    expect(names(updated(using('3'), using('3500m')))).toEqual([]);
  });

  it('those too whose first affinity group no cluster matches, and whose next one has no room', () => {
    const using = (cpu: string) =>
      cluster('a', { status: { resourceSummary: { allocatable: { cpu: '4' }, allocated: { cpu } } } });
    const noFit = { conditions: [{ type: 'Scheduled', status: 'False', reason: 'NoClusterFit' }] };
    const clusterAffinities = [
      { affinityName: 'first', clusterNames: ['none'] },
      { affinityName: 'second', clusterNames: ['a'] },
    ];
    const { names } = setUp(
      binding('next', { status: noFit, placement: { clusterAffinities } }),
      binding('only', { status: noFit, placement: { clusterAffinities: clusterAffinities.slice(1) } }),
    );
    expect(names(updated(using('3500m'), using('3')))).toEqual(['next']);
  });

  it('whatever is there when it leaves or is gone, claimed or not', () => {
    const { names } = setUp(
      binding('free', { clusters: ['a'], claimed: false }),
      binding('there', { clusters: ['b', 'a'], placement: onClusters('b') }),
      binding('elsewhere', { clusters: ['b'], placement: onClusters('b') }),
    );
    const leaving = cluster('a', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(names(updated(cluster('a'), leaving))).toEqual(['free', 'there']);
    expect(names(deleted(leaving))).toEqual(['free', 'there']);
  });
});

describe('of several affinity groups', () => {
  const placement: Placement = {
    clusterAffinities: [
      { affinityName: 'first', clusterNames: ['a'] },
      {
        affinityName: 'second',
        clusterNames: ['b'],
        overflowAffinities: [{ affinityName: 'more', clusterNames: ['c'] }],
      },
    ],
  };
  const inSecond = { schedulerObservedGeneration: 1, schedulerObservingAffinityName: 'second' };

  it('the one in use counts, with what it overflows into', () => {
    const { names } = setUp(binding('x', { placement, status: inSecond }));
    expect(['a', 'b', 'c'].map((name) => names(changed(name)))).toEqual([[], ['x'], ['x']]);
  });

  it('all do while it is not known which is in use', () => {
    const { names } = setUp(binding('x', { placement, status: { ...inSecond, schedulerObservedGeneration: 0 } }));
    expect(names(changed('z'))).toEqual(['x']);
  });

  it('the new one counts once the binding has moved on', () => {
    const { names, affected } = setUp(
      binding('x', { placement, status: { ...inSecond, schedulerObservingAffinityName: 'first' } }),
    );
    expect(names(changed('a'))).toEqual(['x']);
    affected.note(binding('x', { placement, status: inSecond }));
    expect(names(changed('a'))).toEqual([]);
    affected.forget('default/x');
    expect(names(changed('b'))).toEqual([]);
  });
});

describe('a changed binding matters', () => {
  const scheduled = (status: string) => ({ conditions: [{ type: 'Scheduled', status, reason: 'Success' }] });
  it.each([
    [
      'when its generation has changed',
      binding('x'),
      { ...binding('x'), metadata: { ...binding('x').metadata, generation: 2 } },
      true,
    ],
    ['when it is claimed', binding('x', { claimed: false }), binding('x'), true],
    [
      'when our word of failure comes after that of success',
      binding('x', { status: scheduled('True') }),
      binding('x', { status: scheduled('False') }),
      true,
    ],
    ['not when its status has', binding('x'), binding('x', { status: scheduled('True') }), false],
  ])('%s', (_what, old, now, matters) => {
    expect(bindingMatters(old as Binding, now as Binding)).toBe(matters);
  });
});
