import { describe, expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { SchedulingQueue } from './queue.ts';

function setUp() {
  const clock = simulatedClock();
  const priorities = new Map<string, number>();
  const queue = new SchedulingQueue({ clock, ready: () => {}, priorityOf: (key) => priorities.get(key) ?? 0 });
  const drain = () => {
    const keys: string[] = [];
    for (let key = queue.take(); key !== undefined; key = queue.take()) keys.push(key);
    return keys;
  };
  /** Takes the key, which must be next, and lets its reconciliation end so. */
  const attempt = (key: string, until: 'backoff' | 'change') => {
    expect(queue.take()).toBe(key);
    const ms = queue.retry(key, until);
    queue.done(key);
    return ms;
  };
  const lines = () => [queue.pending('active'), queue.pending('backoff'), queue.pending('unschedulable')];
  return { clock, priorities, queue, drain, attempt, lines };
}

describe('the scheduling queue', () => {
  it('hands out what has the highest priority, then what was asked for first', () => {
    const { queue, priorities, drain } = setUp();
    for (const [key, priority] of [
      ['high', 100],
      ['higher', 200],
      ['negative', -1],
    ] as const)
      priorities.set(key, priority);
    for (const key of ['a', 'high', 'negative', 'b', 'higher', 'a']) queue.add(key);
    expect(queue.depth()).toBe(5);
    expect(drain()).toEqual(['higher', 'high', 'a', 'b', 'negative']);
  });

  it('moves a waiting binding whose priority changes, and keeps its age', () => {
    const { queue, priorities, drain } = setUp();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    priorities.set('c', 1);
    queue.add('c');
    priorities.set('b', 1);
    queue.add('b');
    expect(drain()).toEqual(['b', 'c', 'a']);
  });

  it('hands a binding in process out again only when it is done', () => {
    const { queue, drain } = setUp();
    queue.add('a');
    expect(queue.take()).toBe('a');
    queue.add('a');
    expect(drain()).toEqual([]);
    queue.done('a');
    expect(drain()).toEqual(['a']);
    queue.done('a');
    expect(drain()).toEqual([]);
  });

  it('backs off 1, 2, 4, 8, then 10 s after failures in a row, and anew after a success', async () => {
    const { clock, queue, attempt } = setUp();
    queue.add('a');
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      const ms = attempt('a', 'backoff');
      waits.push(ms);
      await clock.advance(ms - 1);
      expect(queue.take()).toBeUndefined();
      await clock.advance(1);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(queue.take()).toBe('a');
    queue.forget('a');
    queue.done('a');
    queue.add('a');
    expect(attempt('a', 'backoff')).toBe(1_000);
  });

  it('tries what is unschedulable again after five minutes, at the next look', async () => {
    const { clock, queue, attempt, drain, lines } = setUp();
    await clock.advance(10_000);
    queue.add('a');
    attempt('a', 'change');
    await clock.advance(299_000);
    expect(lines()).toEqual([0, 0, 1]);
    expect(drain()).toEqual([]);
    await clock.advance(31_000);
    expect(drain()).toEqual(['a']);
    expect(clock.nextDue()).toBeUndefined();
  });

  it('takes what is unschedulable or backs off up at once when something changes', async () => {
    const { clock, queue, attempt, drain, lines } = setUp();
    queue.add('a');
    attempt('a', 'change');
    queue.add('b');
    attempt('b', 'backoff');
    expect(lines()).toEqual([0, 1, 1]);
    queue.add('a');
    queue.add('b');
    expect(lines()).toEqual([2, 0, 0]);
    expect(drain()).toEqual(['a', 'b']);
    for (const key of ['a', 'b']) queue.done(key);
    await clock.advance(600_000);
    expect(drain()).toEqual([]);
  });

  it('does not let a binding wait that was asked for while it was tried', () => {
    const { queue, lines } = setUp();
    queue.add('a');
    queue.take();
    queue.add('a');
    queue.retry('a', 'change');
    queue.done('a');
    expect(lines()).toEqual([1, 0, 0]);
  });

  it('is silent once closed', async () => {
    const { clock, queue, attempt } = setUp();
    queue.add('a');
    attempt('a', 'change');
    queue.add('b');
    queue.close();
    expect(queue.take()).toBeUndefined();
    expect(queue.add('c')).toBe(false);
    expect(clock.nextDue()).toBeUndefined();
    await clock.advance(600_000);
    expect(queue.take()).toBeUndefined();
  });

  it('keeps few stale entries however often priorities change', () => {
    const { queue, priorities, drain } = setUp();
    for (let i = 0; i < 20_000; i++) {
      priorities.set('a', i);
      queue.add('a');
    }
    expect(drain()).toEqual(['a']);
  });
});
