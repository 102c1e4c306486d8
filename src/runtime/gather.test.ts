import { describe, expect, it } from 'vitest';
import type { Clock } from '#world/clock/clock.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { turnsOf } from '#world/clock/turns.ts';
import { gathering } from './gather.ts';

const setUp = () => {
  const clock = simulatedClock();
  const handed: string[] = [];
  return { clock, handed, ask: gathering(clock, (key, priority) => void handed.push(`${key} ${priority}`), 2) };
};

describe('gathering', () => {
  it('hands a key on once for many askings, with its highest priority', async () => {
    const { clock, handed, ask } = setUp();
    ask('a', 'low');
    await clock.advance(1);
    ask('b', 'low');
    ask('a');
    ask('a', 'low');
    expect(handed).toEqual([]);
    await clock.advance(1);
    expect(handed).toEqual(['a high', 'b low']);
    ask('a');
    await clock.advance(2);
    expect(handed).toEqual(['a high', 'b low', 'a high']);
  });

  it('waits for the end of the turn when told no time', async () => {
    const clock = simulatedClock();
    const handed: string[] = [];
    const ask = gathering(clock, (key) => void handed.push(key));
    ask('a');
    ask('a');
    expect(handed).toEqual([]);
    await clock.settle();
    expect(handed).toEqual(['a']);
  });

  it('waits while much else is to do, but not for ever', () => {
    const { clock, fire, turn } = handClock();
    const handed: string[] = [];
    const ask = gathering(clock, (key) => void handed.push(key), 2);
    const work = () => {
      for (let waiting = 0; waiting < 10; waiting++) turnsOf(clock).later(() => {});
    };
    work();
    ask('a');
    fire(2);
    expect(handed).toEqual([]);
    turn();
    fire(2);
    expect(handed).toEqual(['a']);
    work();
    ask('b');
    fire(2);
    fire(97);
    expect(handed).toEqual(['a']);
    fire(1);
    expect(handed).toEqual(['a', 'b']);
  });
});

/** A clock whose time, timers and turns are moved by hand. */
function handClock() {
  let time = 0;
  let timers: (() => void)[] = [];
  let ready: (() => void)[] = [];
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    after: (_ms, run) => {
      timers.push(run);
      return { cancel: () => {} };
    },
    soon: (run) => ready.push(run),
  };
  const runAll = (runs: readonly (() => void)[]) => {
    for (const run of runs) run();
  };
  return {
    clock,
    /** Moves the time and lets every timer fire. */
    fire: (ms: number) => {
      time += ms;
      const due = timers;
      timers = [];
      runAll(due);
    },
    turn: () => {
      const batch = ready;
      ready = [];
      runAll(batch);
    },
  };
}
