/** Who leaves which cluster, and when. */
import { describe, expect, it, test } from 'vitest';
import type { Cluster, Taint } from '#apis/cluster/cluster.ts';
import type { Toleration } from '#apis/kubernetes/types.ts';
import { appliedPlacement } from '#apis/names/annotations.ts';
import type { Binding } from '#apis/work/binding.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { leave } from '../departure.ts';
import { preservedState } from '../preserved-state.ts';
import { pace } from './pace.ts';
import { departures, purgeModeOf, staysMs } from './plan.ts';

const added = '2026-01-01T00:00:00Z';
const start = Date.parse(added);
const taint = (key: string, more: Partial<Taint> = {}): Taint => ({
  key,
  effect: 'NoExecute',
  timeAdded: added,
  ...more,
});
const for_ = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: 'Exists',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});

describe('a binding stays', () => {
  test.each<[string, Taint[], Toleration[], number, number]>([
    ['not at all where nothing tolerates', [taint('a')], [], 0, 0],
    ['not at all where one of two is not tolerated', [taint('a'), taint('b')], [for_('a')], 0, 0],
    ['for ever where no time is given', [taint('a')], [for_('a')], 1e9, Number.POSITIVE_INFINITY],
    ['its time, from when the taint came', [taint('a')], [for_('a', 60)], 20_000, 40_000],
    ['no longer than that', [taint('a')], [for_('a', 60)], 60_000, 0],
    ['the shortest of its times', [taint('a'), taint('b')], [for_('a', 60), for_('b', 30)], 0, 30_000],
    [
      'as the first toleration that fits says',
      [taint('a')],
      [for_('a'), for_('a', 5)],
      9_000,
      Number.POSITIVE_INFINITY,
    ],
    [
      'for ever where nobody knows since when',
      [taint('a', { timeAdded: undefined })],
      [for_('a', 5)],
      9_000,
      Number.POSITIVE_INFINITY,
    ],
    ['not for a negative time', [taint('a')], [for_('a', -5)], 0, 0],
  ])('%s', (_, taints, tolerations, after, stays) => expect(staysMs(taints, tolerations, start + after)).toBe(stays));
});

const binding = (tolerations: readonly Toleration[] | undefined, spec: Partial<Binding['spec']> = {}): Binding =>
  ({
    metadata: {
      namespace: 'default',
      name: 'web',
      ...(tolerations
        ? { annotations: { [appliedPlacement]: JSON.stringify({ clusterTolerations: tolerations }) } }
        : {}),
    },
    spec: { clusters: [{ name: 'm1', replicas: 2 }, { name: 'm2' }], ...spec },
  }) as unknown as Binding;
const clusters: Readonly<Record<string, Partial<Cluster['spec']>>> = {
  m1: { taints: [taint('gone'), { key: 'x', effect: 'NoSchedule' }] },
  m2: { taints: [taint('slow')] },
  m3: { taints: [{ key: 'x', effect: 'NoSchedule' }] },
};
const clusterOf = (name: string) => clusters[name] && ({ metadata: { name }, spec: clusters[name] } as Cluster);

it('tells what is to be left now, and when to look again', () => {
  const found = departures(binding([for_('slow', 100)]), clusterOf, start);
  expect(found).toEqual({ leaving: ['m1'], nextMs: 100_000 });
});

it('leaves nothing where no taint drives out, nor a cluster nobody knows', () => {
  const spec = { clusters: [{ name: 'm3' }, { name: 'm9' }] };
  expect(departures(binding(undefined, spec), clusterOf, start)).toEqual({ leaving: [] });
});

it('does not know of a binding that was never scheduled', () => {
  expect(departures(binding(undefined), clusterOf, start)).toBeUndefined();
});

test.each([
  ['the flag where the policy is silent', undefined, 'Directly'],
  ['the policy', { cluster: { purgeMode: 'Gracefully' } }, 'Gracefully'],
  ['gracefully where it names no mode', { cluster: {} }, 'Gracefully'],
  ['the flag where it speaks of the application alone', { application: { decisionConditions: {} } }, 'Directly'],
])('purges as %s', (_, failover, mode) => {
  const given = binding([], { failover } as unknown as Partial<Binding['spec']>);
  expect(purgeModeOf(given, 'Directly')).toBe(mode);
});

describe('leaving', () => {
  const departure = { reason: 'TaintUntolerated', producer: 'TaintManager', purgeMode: 'Gracefully' } as const;
  it('takes the target and leaves a task with its replicas', () => {
    expect(leave(binding([]).spec, 'm1', departure)).toEqual({
      clusters: [{ name: 'm2' }],
      gracefulEvictionTasks: [{ fromCluster: 'm1', replicas: 2, ...departure }],
    });
  });

  it('does not touch a task that is there', () => {
    const tasks = [{ fromCluster: 'm1', reason: 'Mine', producer: 'me' }];
    const spec = leave(binding([], { clusters: [{ name: 'm1' }], gracefulEvictionTasks: tasks }).spec, 'm1', departure);
    expect(spec).toEqual({ gracefulEvictionTasks: tasks });
  });

  it('changes nothing where it is no target', () => {
    const { spec } = binding([]);
    expect(leave(spec, 'm7', departure)).toBe(spec);
  });
});

describe('state', () => {
  const rules = [{ aliasLabelName: 'app/job', jsonPath: '{ .job.id }' }];
  const status = { aggregatedStatus: [{ clusterName: 'm1', status: { job: { id: 42 } } }, { clusterName: 'm2' }] };

  it('is what the paths find in what the cluster said', () => {
    expect(preservedState({ rules }, status, 'm1')).toEqual({ 'app/job': '42' });
  });

  it('is not asked for without rules', () => {
    expect(preservedState(undefined, status, 'm2')).toBeUndefined();
    expect(preservedState({ rules: [] }, status, 'm2')).toBeUndefined();
  });

  it('is missed where it is not there', () => {
    const missing = [{ aliasLabelName: 'a', jsonPath: '{.nothing}' }];
    expect(() => preservedState({ rules: missing }, status, 'm1')).toThrow('nothing is not found');
    expect(() => preservedState({ rules }, status, 'm2')).toThrow('has not yet been collected from Cluster(m2)');
  });
});

describe('pace', () => {
  it('gives turns at its rate, keeps places, and starts anew when nobody waits', async () => {
    const clock = simulatedClock();
    const { turn, forget } = pace(clock, 0.5);
    expect(['a', 'b', 'c', 'b'].map(turn)).toEqual([0, 2_000, 4_000, 2_000]);
    await clock.advance(2_000);
    expect([turn('b'), turn('c')]).toEqual([0, 2_000]);
    for (const key of ['c', 'd', 'e', 'f']) turn(key);
    for (const key of ['c', 'd', 'e', 'f']) forget(key);
    expect(turn('g')).toBe(2_000);
  });

  it('gives none at a rate of 0', () => expect(pace(simulatedClock(), 0).turn('a')).toBeGreaterThan(60_000));
});
