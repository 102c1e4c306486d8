import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { scheduledCondition } from './conditions.ts';
import {
  aggregated,
  cluster,
  deployment,
  divided,
  dynamic,
  inputOf,
  roomy,
  scheduled,
  spread,
  staticWeights,
  targets,
} from './plan/scheduling.cases.ts';
import type { Verdict } from './plan/verdict.ts';
import { clustersToEstimate, explain, schedule } from './plan.ts';

const all = [cluster('a'), cluster('b'), cluster('c')];

describe('affinity terms', () => {
  const term = (affinityName: string, ...clusterNames: string[]) => ({ affinityName, clusterNames });
  const of = (...clusterAffinities: object[]) => ({ clusterAffinities });
  const observing = (schedulerObservingAffinityName: string) => ({ status: { schedulerObservingAffinityName } });
  const verdictOf = (placement: object, more: object = {}, replicas = 1, clusters: readonly Cluster[] = all) =>
    schedule(inputOf(deployment(placement, replicas), clusters, more));
  const named = of(term('first', 'x'), term('second', 'a'), term('third', 'b'));

  it('the first that serves', () => {
    expect(verdictOf(named)).toMatchObject({ affinityName: 'second', clusters: [{ name: 'a' }] });
  });

  // Subtle behaviour 4.
  it.each([
    ['second', 'second'],
    ['third', 'third'],
    ['gone', 'first'],
  ])('in use %s: never an earlier one again', (used, expected) => {
    const back = of(term('first', 'c'), term('second', 'a'), term('third', 'b'));
    expect(verdictOf(back, observing(used))).toMatchObject({ affinityName: expected });
  });

  it('one that lacks the room gives way to the next', () => {
    const clusters = [roomy('a', 1), roomy('b', 9)];
    const placement = { ...dynamic, ...of(term('first', 'a'), term('second', 'b')) };
    expect(verdictOf(placement, {}, 5, clusters)).toMatchObject({ affinityName: 'second' });
  });

  it('when none serves, why the first did not, and what follows from that', () => {
    const small = [roomy('a', 1), roomy('b', 2)];
    expect(verdictOf(of(term('first', 'x'), term('second', 'y')))).toEqual({
      outcome: 'noFit',
      message: '0/3 clusters are available: 3 cluster(s) did not match the placement cluster affinity constraint.',
      withdraws: true,
      retried: false,
    });
    expect(verdictOf({ ...dynamic, ...of(term('first', 'a'), term('second', 'x')) }, {}, 5, small)).toEqual({
      outcome: 'unschedulable',
      message:
        'failed to assign replicas: failed to scale up: Clusters available replicas 1 are not enough to schedule.',
      withdraws: false,
      retried: true,
    });
  });
});

describe('clustersToEstimate', () => {
  const clusters = [
    roomy('a', 4),
    roomy('b', 8),
    cluster('c', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }),
  ];
  const asked = (spec: BindingSpec, more: object = {}) => clustersToEstimate(inputOf(spec, clusters, more));

  it.each<[string, BindingSpec, readonly string[]]>([
    ['what is placed whole', deployment({}, 3), []],
    ['static weights', deployment(divided(), 3), []],
    ['what has no replicas', deployment(dynamic, 0, { replicaRequirements: undefined }), []],
    ['what is placed and wants no more', deployment(dynamic, 3, { clusters: targets({ a: 3 }) }), []],
    ['fewer than are placed', deployment(dynamic, 2, { clusters: targets({ a: 3 }) }), []],
    ['by room: who passed the filters', deployment(dynamic, 3), ['a', 'b']],
    ['as few as hold it', deployment(aggregated, 3), ['a', 'b']],
    ['so many clusters', deployment({ spreadConstraints: [spread('cluster', 1, 1)] }, 3), ['a', 'b']],
  ])('%s', (_what, spec, expected) => expect(asked(spec)).toEqual(expected));

  it('again, as long as an answer brings more clusters into play', () => {
    const clusterAffinities = ['a', 'b'].map((name) => ({ affinityName: name, clusterNames: [name] }));
    const spec = deployment({ ...dynamic, clusterAffinities }, 3);
    expect(asked(spec)).toEqual(['a']);
    expect(asked(spec, { estimates: new Map([['a', 1]]) })).toEqual(['b']);
    expect(
      asked(spec, {
        estimates: new Map([
          ['a', 1],
          ['b', -1],
        ]),
      }),
    ).toEqual([]);
  });
});

describe('explain', () => {
  const clusters = [
    roomy('a', 4, { region: 'ra' }),
    roomy('b', 8, { region: 'rb' }),
    cluster('c', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] }, status: { apiEnablements: [] } }),
    cluster('d', { metadata: { deletionTimestamp: 'now' } }),
  ];

  it('tells of every cluster who refused it and why, or what spoke for it and what it got', () => {
    const placement = { ...dynamic, spreadConstraints: [spread('cluster', 1, 1)] };
    const input = inputOf(deployment(placement, 3, { clusters: targets({ a: 1 }) }), clusters);
    const scores = (locality: number) => [
      { plugin: 'ClusterAffinity', score: 0 },
      { plugin: 'ClusterLocality', score: locality },
    ];
    expect(explain(input)).toEqual({
      verdict: schedule(input),
      terms: [
        {
          clusters: [
            {
              name: 'a',
              leaving: false,
              refusals: [],
              score: 100,
              scores: scores(100),
              available: 5,
              region: 'ra',
              tier: 0,
              selected: true,
              target: { replicas: 3 },
            },
            {
              name: 'b',
              leaving: false,
              refusals: [],
              score: 0,
              scores: scores(0),
              available: 8,
              region: 'rb',
              tier: 0,
              selected: false,
            },
            {
              name: 'c',
              leaving: false,
              refusals: [
                { plugin: 'APIEnablement', reason: 'cluster(s) did not have the API resource' },
                { plugin: 'TaintToleration', reason: 'cluster(s) had untolerated taint {k:NoSchedule}' },
              ],
              selected: false,
            },
            { name: 'd', leaving: true, refusals: [], selected: false },
          ],
        },
      ],
    });
  });

  it('tells of every term that was tried, and of regions', () => {
    const clusterAffinities = ['x', 'a', 'b'].map((name) => ({ affinityName: name, clusterNames: [name] }));
    const spreadConstraints = [spread('region', 1, 1), spread('cluster', 1, 1)];
    const { terms } = explain(inputOf(deployment({ spreadConstraints, clusterAffinities }, 3), clusters));
    expect(terms.map(({ affinityName, failure }) => [affinityName, failure?.slice(0, 25)])).toEqual([
      ['x', '0/4 clusters are available'.slice(0, 25)],
      ['a', undefined],
    ]);
    expect(terms[1]!.regions).toEqual([{ region: 'ra', score: 1000, clusters: ['a'], selected: true }]);
  });

  it('what room does not matter for has none', () => {
    const spec = deployment({}, 0, { replicaRequirements: undefined });
    const [first] = explain(inputOf(spec, [cluster('a')])).terms[0]!.clusters;
    expect(first).toMatchObject({ name: 'a', selected: true, target: {} });
    expect(first).not.toHaveProperty('available');
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

describe('laws', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const fleet = fc
    .tuple(
      ...names.map(() => fc.record({ pods: fc.nat(20), region: fc.constantFrom('r', 's'), tainted: fc.boolean() })),
    )
    .map((parts) =>
      parts.map(({ pods, region, tainted }, index) =>
        roomy(names[index]!, pods, { region, taints: tainted ? [{ key: 'k', effect: 'NoSchedule' }] : [] }),
      ),
    );
  const strategy = fc.constantFrom<object>(divided(), staticWeights({ a: 3, b: 1, d: 2 }), dynamic, aggregated);
  const constraints = fc.constantFrom<readonly object[]>(
    [],
    [spread('cluster', 1, 2)],
    [spread('region', 1, 2), spread('cluster', 1, 3)],
  );
  const held = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 9 }), { maxKeys: 3 });
  const binding = fc
    .record({ strategy, constraints, held, replicas: fc.integer({ min: 1, max: 60 }), uid: fc.uuid() })
    .map(({ strategy: asked, constraints: spreadConstraints, held: holding, replicas, uid }) => {
      const { resource, ...spec } = deployment({ ...asked, spreadConstraints }, replicas, {
        clusters: targets(holding),
      });
      return { ...spec, resource: { ...resource, uid } } as BindingSpec;
    });

  it('what is divided is divided whole, and only among clusters that pass', () => {
    fc.assert(
      fc.property(fleet, binding, (clusters, spec) => {
        const { verdict, terms } = explain(inputOf(spec, clusters));
        if (verdict.outcome !== 'scheduled') return;
        const passed = new Set(terms[0]!.clusters.filter((each) => each.selected).map(({ name }) => name));
        expect(verdict.clusters.every(({ name, replicas }) => passed.has(name) && replicas! > 0)).toBe(true);
        expect(verdict.clusters.reduce((sum, { replicas }) => sum + replicas!, 0)).toBe(spec.replicas);
      }),
    );
  });

  it('by room: nobody gets more than there is room for beside what is there', () => {
    fc.assert(
      fc.property(fleet, binding, (clusters, spec) => {
        const { verdict, terms } = explain(inputOf(spec, clusters));
        if (verdict.outcome !== 'scheduled' || !spec.placement?.replicaScheduling?.replicaDivisionPreference) return;
        if (spec.placement.replicaScheduling.weightPreference?.staticWeightList) return;
        const room = new Map(terms[0]!.clusters.map(({ name, available }) => [name, available]));
        for (const { name, replicas } of verdict.clusters) expect(replicas).toBeLessThanOrEqual(room.get(name)!);
      }),
    );
  });

  it('the order clusters are known in does not matter, nor does asking again', () => {
    fc.assert(
      fc.property(fleet, binding, fc.infiniteStream(fc.nat()), (clusters, spec, random) => {
        const shuffled = clusters
          .map((each) => ({ each, at: random.next().value! }))
          .sort((left, right) => left.at - right.at)
          .map(({ each }) => each);
        const verdict = schedule(inputOf(spec, clusters));
        expect(schedule(inputOf(spec, shuffled))).toEqual(verdict);
        expect(explain(inputOf(spec, shuffled)).verdict).toEqual(verdict);
      }),
    );
  });

  it('steady: more replicas take from no cluster, fewer give to none', () => {
    const byRoom = fc.constantFrom(dynamic, aggregated);
    fc.assert(
      fc.property(fleet, byRoom, held, fc.integer({ min: 1, max: 60 }), (clusters, asked, holding, replicas) => {
        const found = scheduled(deployment(asked, replicas, { clusters: targets(holding) }), clusters);
        if (typeof found === 'string') return;
        const before = Object.values(holding).reduce((sum, count) => sum + count, 0);
        for (const name of names) {
          const [had, has] = [holding[name] ?? 0, found[name] ?? 0];
          if (replicas >= before) expect(has).toBeGreaterThanOrEqual(had);
          else expect(has).toBeLessThanOrEqual(had);
        }
      }),
    );
  });

  it('what was decided stays decided', () => {
    fc.assert(
      fc.property(
        fleet,
        fc.constantFrom(dynamic, aggregated),
        fc.integer({ min: 1, max: 60 }),
        (clusters, asked, replicas) => {
          const first = schedule(inputOf(deployment(asked, replicas), clusters));
          if (first.outcome !== 'scheduled') return;
          const again = deployment(asked, replicas, { clusters: first.clusters });
          expect(schedule(inputOf(again, clusters))).toEqual(first);
        },
      ),
    );
  });

  it('aggregated: one cluster fewer would not hold it', () => {
    fc.assert(
      fc.property(fleet, fc.integer({ min: 1, max: 60 }), (clusters, replicas) => {
        const { verdict, terms } = explain(inputOf(deployment(aggregated, replicas), clusters));
        if (verdict.outcome !== 'scheduled') return;
        const rooms = terms[0]!.clusters.map(({ available = 0 }) => available).sort((left, right) => right - left);
        const most = rooms.slice(0, verdict.clusters.length - 1).reduce((sum, room) => sum + room, 0);
        expect(most).toBeLessThan(replicas);
      }),
    );
  });
});
