import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { type Due, dueHeap } from './due-heap.ts';
import { simulatedClock } from './simulated.ts';
import { breathe, turnsOf } from './turns.ts';

describe('dueHeap', () => {
  it('hands out by due time, then by arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (dues) => {
        const heap = dueHeap<Due>();
        const items = dues.map((due, order) => ({ due, order }));
        for (const item of items) heap.push(item);
        const out = dues.map(() => heap.pop());
        expect(out).toEqual([...items].sort((a, b) => a.due - b.due || a.order - b.order));
        expect(heap.pop()).toBeUndefined();
        expect(heap.size()).toBe(0);
      }),
    );
  });
});

describe('simulatedClock', () => {
  it('fires timers in order, lets promises settle between them, and skips cancelled ones', async () => {
    const clock = simulatedClock(1000);
    const seen: string[] = [];
    clock.after(20, () => seen.push('b'));
    clock.after(10, () => {
      void Promise.resolve().then(() => clock.after(5, () => seen.push(`nested at ${clock.now()}`)));
      seen.push('a');
    });
    clock.after(15, () => seen.push('never')).cancel();
    expect(clock.nextDue()).toBe(1010);
    await clock.advance(30);
    expect(seen).toEqual(['a', 'nested at 1015', 'b']);
    expect(clock.now()).toBe(1030);
    expect(clock.nextDue()).toBeUndefined();
  });

  it('keeps what is ready when one of them throws', async () => {
    const clock = simulatedClock();
    const seen: string[] = [];
    clock.soon(() => {
      throw new Error('first');
    });
    clock.soon(() => seen.push('second'));
    await expect(clock.settle()).rejects.toThrow('first');
    await clock.settle();
    expect(seen).toEqual(['second']);
  });
});

/** A clock whose monotonic time moves by hand and whose turns are run by hand. */
function handClock() {
  let time = 0;
  let ready: (() => void)[] = [];
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    after: () => ({ cancel: () => {} }),
    soon: (run) => ready.push(run),
  };
  return {
    clock,
    work: (ms: number) => {
      time += ms;
    },
    turn: () => {
      const batch = ready;
      ready = [];
      for (const run of batch) run();
      return batch.length;
    },
  };
}

describe('turns', () => {
  it('shares one allowance among all on a clock and goes on in the next turn, in order', () => {
    const { clock, work, turn } = handClock();
    const turns = turnsOf(clock);
    expect(turnsOf(clock)).toBe(turns);
    expect(turns.hasTime()).toBe(true);
    work(1);
    expect(turns.hasTime()).toBe(true);
    work(1);
    expect(turns.hasTime()).toBe(false);
    const seen: number[] = [];
    for (const n of [1, 2, 3]) {
      turns.later(() => {
        seen.push(n);
        work(1.2);
      });
    }
    turn();
    expect(seen).toEqual([1, 2]);
    turn();
    expect(seen).toEqual([1, 2, 3]);
    expect(turn()).toBe(1);
    expect(turn()).toBe(0);
    expect(turns.hasTime()).toBe(true);
  });

  it('takes longer turns while much waits', () => {
    const { clock, work, turn } = handClock();
    const seen: number[] = [];
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      turnsOf(clock).later(() => {
        seen.push(n);
        work(2);
      });
    }
    turn();
    expect(seen).toEqual([1, 2, 3]);
    turn();
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    turn();
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('does not strand the others when one throws', () => {
    const { clock, turn } = handClock();
    const seen: string[] = [];
    turnsOf(clock).later(() => {
      throw new Error('broken');
    });
    turnsOf(clock).later(() => seen.push('next'));
    expect(turn).toThrow('broken');
    turn();
    expect(seen).toEqual(['next']);
  });

  it('breathes only when the turn is used up', async () => {
    const { clock, work, turn } = handClock();
    expect(breathe(clock)).toBeUndefined();
    work(5);
    const breath = breathe(clock);
    expect(breath).toBeInstanceOf(Promise);
    turn();
    await breath;
    expect(breathe(clock)).toBeUndefined();
  });
});
