import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { WorkQueue } from './queue.ts';

const setUp = (limits?: { mostKeys?: number }) => {
  const clock = simulatedClock();
  const seen: string[] = [];
  const meter = {
    added: () => seen.push('added'),
    waited: (ms: number) => seen.push(`waited ${ms}`),
    worked: (ms: number) => seen.push(`worked ${ms}`),
    retried: () => seen.push('retried'),
    refused: () => seen.push('refused'),
  };
  return { clock, seen, queue: new WorkQueue({ clock, ready: () => {}, meter, limits }) };
};

const drain = (queue: ReturnType<typeof setUp>['queue']) => {
  const keys: string[] = [];
  for (let key = queue.take(); key !== undefined; key = queue.take()) keys.push(key);
  return keys;
};

describe('a work queue', () => {
  it('holds a key once, high before low, first come first served', () => {
    const { queue } = setUp();
    for (const key of ['a', 'b', 'a']) queue.add(key, 'low');
    for (const key of ['c', 'd', 'c']) queue.add(key);
    expect([queue.depth(), queue.depth('high'), queue.depth('low')]).toEqual([4, 2, 2]);
    expect(drain(queue)).toEqual(['c', 'd', 'a', 'b']);
  });

  it('promotes a waiting key, never the other way', () => {
    const { queue } = setUp();
    queue.add('a', 'low');
    queue.add('b', 'low');
    queue.add('b', 'high');
    queue.add('b', 'low');
    expect(queue.depth('low')).toBe(1);
    expect(drain(queue)).toEqual(['b', 'a']);
  });

  it('hands out a key in process only after it is done, with the highest priority asked for', () => {
    const { queue } = setUp();
    queue.add('a');
    queue.take();
    queue.add('a', 'low');
    queue.add('a', 'high');
    queue.add('b');
    expect(drain(queue)).toEqual(['b']);
    queue.done('a');
    expect(queue.depth('high')).toBe(1);
    expect(queue.take()).toBe('a');
  });

  it('adds later, the last delay counting, and not at all when forgotten', async () => {
    const { clock, queue } = setUp();
    queue.addAfter('a', 1_000);
    queue.addAfter('a', 5_000);
    queue.addAfter('b', 2_000);
    queue.addAfter('c', 100);
    queue.forget('c');
    expect(queue.delayed()).toBe(2);
    await clock.advance(2_000);
    expect(drain(queue)).toEqual(['b']);
    await clock.advance(3_000);
    expect(drain(queue)).toEqual(['a']);
    expect(clock.nextDue()).toBeUndefined();
  });

  it('keeps its heap small however often delays are replaced', async () => {
    const { clock, queue } = setUp();
    for (let i = 0; i < 50_000; i++) queue.addAfter(`k${i % 10}`, 1_000_000 + i);
    queue.addAfter('k0', 10);
    await clock.advance(10);
    expect(drain(queue)).toEqual(['k0']);
    await clock.advance(2_000_000);
    expect(drain(queue)).toHaveLength(9);
  });

  it('backs off per key from 5 ms to 1,000 s', async () => {
    const { clock, queue } = setUp();
    const waits = Array.from({ length: 20 }, () => queue.retry('a'));
    expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(waits.at(-1)).toBe(1_000_000);
    expect(queue.retry('b')).toBe(5);
    expect(queue.failures('a')).toBe(20);
    queue.forget('a');
    expect([queue.failures('a'), queue.retry('a')]).toEqual([0, 5]);
    await clock.advance(5);
    expect(drain(queue).sort()).toEqual(['a', 'b']);
  });

  it('brings a key back with the priority it was processed with', async () => {
    const { clock, queue } = setUp();
    for (const key of ['edit', 'initial']) queue.add(key, key === 'edit' ? 'high' : 'low');
    for (let key = queue.take(); key; key = queue.take()) queue.retry(key);
    for (const key of ['edit', 'initial']) queue.done(key);
    await clock.advance(5);
    expect([queue.depth('high'), queue.depth('low')]).toEqual([1, 1]);
    expect(queue.take()).toBe('edit');
    expect(queue.runningSince()).toEqual([5]);
  });

  it('refuses beyond its limit, but not what it holds already', () => {
    const { queue, seen } = setUp({ mostKeys: 1 });
    expect([queue.add('a'), queue.add('a'), queue.add('b')]).toEqual([true, true, false]);
    expect(seen).toEqual(['added', 'refused']);
  });

  it('measures from the first asking', async () => {
    const { clock, queue, seen } = setUp();
    queue.add('a', 'low');
    await clock.advance(5);
    queue.add('a', 'high');
    await clock.advance(5);
    queue.take();
    await clock.advance(3);
    queue.done('a');
    expect(seen).toEqual(['added', 'waited 10', 'worked 3']);
  });

  it('is silent once closed', async () => {
    const { clock, queue } = setUp();
    queue.add('a');
    queue.addAfter('b', 10);
    queue.close();
    await clock.advance(100);
    expect(queue.take()).toBeUndefined();
    expect(queue.add('c')).toBe(false);
  });

  it('never hands out a key twice and loses none, whatever the order of calls', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key, priority: fc.constantFrom('high' as const, 'low' as const) }),
      fc.record({ do: fc.constant('take' as const) }),
      fc.record({ do: fc.constant('done' as const), key }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { queue } = setUp();
        const working = new Set<string>();
        const owed = new Set<string>();
        for (const each of steps) {
          if (each.do === 'add') {
            queue.add(each.key, each.priority);
            owed.add(each.key);
          } else if (each.do === 'take') {
            const taken = queue.take();
            if (taken === undefined) continue;
            expect(working.has(taken)).toBe(false);
            expect(owed.delete(taken)).toBe(true);
            working.add(taken);
          } else {
            queue.done(each.key);
            working.delete(each.key);
          }
        }
        for (const each of working) queue.done(each);
        expect(new Set(drain(queue))).toEqual(owed);
      }),
    );
  });
});
