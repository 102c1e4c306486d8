/**
 * How long work shares one event loop: everybody on a clock draws on the same allowance a turn, and what does not fit
 * goes on, in order, in a later turn. Alone, each part would keep an allowance of its own and twenty of them would
 * block for twenty times as long: immediates that are due together run without any I/O between them.
 */
import type { Clock } from './clock.ts';

/**
 * Longest turn while much waits. Half of the 10 ms of architecture.md section 6: what one more step may cost still
 * fits. With 10 ms the event loop's delay under load had a p99 of 50 ms, with 5 ms 20 ms, at the same CPU.
 */
const busyMs = 5;
/** Longest turn while little waits: a disk or a socket that is done in the meantime is heard sooner. */
const calmMs = 2;
/** Up to so many waiting are little: the steps of one object on its way. */
const calmWaiting = 4;

export interface Turns {
  /** False when this turn's allowance is spent: hand the rest to `later`. */
  readonly hasTime: () => boolean;
  /** Whether much waits for its turn. */
  readonly busy: () => boolean;
  /** Runs in a later turn that has time left; first come, first served. */
  readonly later: (run: () => void) => void;
}

const known = new WeakMap<Clock, Turns>();

/** The one allowance of a clock. */
export function turnsOf(clock: Clock): Turns {
  let turns = known.get(clock);
  if (!turns) {
    turns = createTurns(clock);
    known.set(clock, turns);
  }
  return turns;
}

function createTurns(clock: Clock): Turns {
  let started: number | undefined;
  let armed = false;
  let waiting: (() => void)[] = [];
  let next = 0;

  const arm = () => {
    if (armed) return;
    armed = true;
    clock.soon(turn);
  };

  const busy = () => waiting.length - next > calmWaiting;

  const hasTime = () => {
    const now = clock.monotonic();
    if (started === undefined) {
      started = now;
      arm();
      return true;
    }
    return now - started < (busy() ? busyMs : calmMs);
  };

  const turn = () => {
    armed = false;
    started = undefined;
    if (next === waiting.length) return;
    // Marks the start and arms the turn after this one first, so that a failing piece of work cannot strand the rest.
    hasTime();
    do {
      const run = waiting[next++]!;
      if (next === waiting.length) {
        waiting = [];
        next = 0;
      }
      run();
    } while (next < waiting.length && hasTime());
  };

  return {
    hasTime,
    busy,
    later: (run) => {
      waiting.push(run);
      arm();
    },
  };
}

/** Resolves in a later turn, whatever time this one has left: for work that gives way to all other. */
export function laterTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => turnsOf(clock).later(resolve));
}

/** Resolves at once while this turn has time left, else in a later turn: for loops over many things. */
export function breathe(clock: Clock): Promise<void> | undefined {
  const turns = turnsOf(clock);
  return turns.hasTime() ? undefined : new Promise((resolve) => turns.later(resolve));
}
