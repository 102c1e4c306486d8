import { describe, expect, it } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import { assess } from './plan.ts';

const now = Date.parse('2026-01-01T00:10:00Z');
const timeoutMs = 600_000;
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString().replace('.000', '');

const task = (more: object = {}) => ({
  fromCluster: 'm1',
  reason: 'r',
  producer: 'p',
  creationTimestamp: at(-60),
  ...more,
});

function binding(
  tasks: readonly object[],
  more: { clusters?: readonly string[]; healthy?: readonly string[]; seen?: number } = {},
) {
  const { clusters = ['m2'], healthy = [], seen = 3 } = more;
  return {
    metadata: { generation: 3 },
    spec: { clusters: clusters.map((name) => ({ name })), gracefulEvictionTasks: tasks },
    status: {
      schedulerObservedGeneration: seen,
      aggregatedStatus: clusters.map((clusterName) => ({
        clusterName,
        health: healthy.includes(clusterName) ? 'Healthy' : 'Unhealthy',
      })),
    },
  } as unknown as Binding;
}

describe('assess', () => {
  it('dates a new task, and drops none that it has just dated', () => {
    const { creationTimestamp: _, ...fresh } = task();
    expect(assess(binding([fresh], { healthy: ['m2'] }), now, timeoutMs)).toEqual({
      tasks: [{ ...fresh, creationTimestamp: at(0) }],
      evicted: [],
      nextMs: timeoutMs,
    });
    const decided = assess(binding([{ ...fresh, suppressDeletion: false }]), now, timeoutMs);
    expect(decided.tasks).toMatchObject([{ creationTimestamp: at(0) }]);
  });

  it.each<[string, object, Parameters<typeof binding>[1], number | 'dropped' | 'kept for ever']>([
    ['is kept while it is not well elsewhere', {}, {}, 540_000],
    ['is dropped once it is well in all clusters', {}, { clusters: ['m2', 'm3'], healthy: ['m2', 'm3'] }, 'dropped'],
    ['is kept while it is well in some', {}, { clusters: ['m2', 'm3'], healthy: ['m2'] }, 540_000],
    ['is kept while what is well may be what was before', {}, { healthy: ['m2'], seen: 2 }, 540_000],
    ['is dropped after the usual time', { creationTimestamp: at(-601) }, {}, 'dropped'],
    ['is kept to the end of it', { creationTimestamp: at(-600) }, {}, 0],
    ['is dropped after its own time', { gracePeriodSeconds: 59 }, {}, 'dropped'],
    ['is kept for its own time', { gracePeriodSeconds: 61, creationTimestamp: at(-60) }, {}, 1_000],
    ['is dropped when somebody says so', { suppressDeletion: false }, {}, 'dropped'],
    [
      'is kept as long as somebody wants',
      { suppressDeletion: true, creationTimestamp: at(-9999) },
      { healthy: ['m2'] },
      'kept for ever',
    ],
    // Section 14, item 18.
    ['is dropped where the template is to go nowhere: fitting is vacuous', {}, { clusters: [] }, 'dropped'],
    ['is kept where nobody has yet decided that it goes nowhere', {}, { clusters: [], seen: 2 }, 540_000],
  ])('a task %s', (_what, more, of, next) => {
    const given = binding([task(more)], of);
    const { tasks, evicted, nextMs } = assess(given, now, timeoutMs);
    expect(evicted).toEqual(next === 'dropped' ? ['m1'] : []);
    expect(nextMs).toBe(typeof next === 'number' ? next : undefined);
    if (next !== 'dropped') expect(tasks).toBe(given.spec.gracefulEvictionTasks);
    else expect(tasks).toEqual([]);
  });

  it('judges each task for itself', () => {
    const tasks = [
      task({ suppressDeletion: true }),
      task({ fromCluster: 'm4', gracePeriodSeconds: 1 }),
      task({ fromCluster: 'm5' }),
    ];
    expect(assess(binding(tasks), now, timeoutMs)).toEqual({
      tasks: [tasks[0], tasks[2]],
      evicted: ['m4'],
      nextMs: 540_000,
    });
  });
});
