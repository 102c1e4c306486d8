import { describe, expect, it } from 'vitest';
import type { WorkloadRebalancer } from '#apis/apps/workload-rebalancer.ts';
import { deletedInMs, mustTrigger, observedIn, resultOf, statusAfter } from './plan.ts';

const workload = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name });
const rebalancer = (names: readonly string[], status?: object, more: object = {}) =>
  ({
    metadata: { name: 'r', generation: 2 },
    spec: { workloads: names.map(workload), ...more },
    ...(status ? { status } : {}),
  }) as unknown as WorkloadRebalancer;
const good = (name: string) => ({ workload: workload(name), result: 'Successful' });
const missing = (name: string) => ({ workload: workload(name), result: 'Failed', reason: 'ReferencedBindingNotFound' });
const now = '2026-01-01T00:00:00Z';

describe('what is observed', () => {
  it('is every workload of the spec, in order, and those that left it and were successful', () => {
    const before = { observedWorkloads: [good('left'), missing('gone'), good('b'), missing('c')] };
    expect(observedIn(rebalancer(['c', 'b', 'a', 'a'], before))).toEqual([
      { workload: workload('a') },
      good('b'),
      missing('c'),
      good('left'),
    ]);
  });

  it('is final once there is a result', () => {
    const item = { workload: workload('a') };
    expect([resultOf(item, 'Successful'), resultOf(item, 'NotFound'), resultOf(item, 'again')]).toEqual([
      good('a'),
      missing('a'),
      item,
    ]);
  });
});

describe('the status', () => {
  it('has a time when all have results, and a later one when there are more', () => {
    const first = statusAfter(rebalancer(['a', 'b']), [good('a'), { workload: workload('b') }], now);
    expect(first).toEqual({ observedGeneration: 2, observedWorkloads: [good('a'), { workload: workload('b') }] });
    const second = statusAfter(rebalancer(['a', 'b'], first), [good('a'), missing('b')], now);
    expect(second).toMatchObject({ finishTime: now });
    expect(statusAfter(rebalancer(['a', 'b'], second), [good('a'), missing('b')], 'later')).toBe(second);
    expect(statusAfter(rebalancer(['a'], second), [good('a')], 'later')).toMatchObject({ finishTime: 'later' });
  });

  it('says when it goes', () => {
    const at = Date.parse(now) + 4_000;
    expect(deletedInMs(rebalancer(['a'], { finishTime: now }), at)).toBeUndefined();
    expect(deletedInMs(rebalancer(['a'], {}, { ttlSecondsAfterFinished: 9 }), at)).toBeUndefined();
    expect(deletedInMs(rebalancer(['a'], { finishTime: now }, { ttlSecondsAfterFinished: 9 }), at)).toBe(5_000);
    expect(deletedInMs(rebalancer(['a'], { finishTime: now }, { ttlSecondsAfterFinished: 0 }), at)).toBe(0);
  });
});

it('an earlier request does not take back a later one', () => {
  expect(mustTrigger(undefined, now)).toBe(true);
  expect(mustTrigger('2025-12-31T23:59:59Z', now)).toBe(true);
  expect(mustTrigger(now, now)).toBe(false);
  expect(mustTrigger('2026-01-01T00:00:01Z', now)).toBe(false);
});
