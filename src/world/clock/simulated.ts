/** A clock that moves only when told: timers fire in order of due time, then of creation. */
import type { Clock } from './clock.ts';
import { type Due, dueHeap } from './due-heap.ts';

interface Pending extends Due {
  /** Undefined once cancelled; the entry stays in the heap until it falls due. */
  run: (() => void) | undefined;
}

export interface SimulatedClock extends Clock {
  /** Moves time forward, firing what falls due, letting promises settle between timers. */
  readonly advance: (ms: number) => Promise<void>;
  /** Lets work that is due now (soon, settled promises) run out without moving time. */
  readonly settle: () => Promise<void>;
  /** Due time of the next timer, or undefined when none waits. */
  readonly nextDue: () => number | undefined;
}

/** A macrotask turn: every microtask queued before it has run, and so has work the libuv loop had ready. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Turns without new work after which the process counts as settled. */
const quietTurns = 3;

export function simulatedClock(startMs = Date.UTC(2026, 0, 1)): SimulatedClock {
  let now = startMs;
  let order = 0;
  const timers = dueHeap<Pending>();
  let ready: (() => void)[] = [];

  const earliest = (): Pending | undefined => {
    let first = timers.peek();
    for (; first && !first.run; first = timers.peek()) timers.pop();
    return first;
  };

  /** Runs what is ready now, not what it makes ready; when one of them throws, the others are kept for the next turn. */
  const runReady = () => {
    const batch = ready;
    ready = [];
    let done = 0;
    try {
      while (done < batch.length) batch[done++]?.();
    } finally {
      if (done < batch.length) ready = [...batch.slice(done), ...ready];
    }
    return batch.length;
  };

  const settle = async () => {
    for (let quiet = 0; quiet < quietTurns; ) {
      const ran = runReady();
      await turn();
      quiet = ran === 0 && ready.length === 0 ? quiet + 1 : 0;
    }
  };

  const advance = async (ms: number) => {
    const until = now + ms;
    await settle();
    for (let next = earliest(); next && next.due <= until; next = earliest()) {
      timers.pop();
      now = Math.max(now, next.due);
      const run = next.run;
      next.run = undefined;
      run?.();
      await settle();
    }
    now = until;
  };

  return {
    now: () => now,
    monotonic: () => now - startMs,
    after: (ms, run) => {
      const timer: Pending = { due: now + Math.max(0, ms), order: order++, run };
      timers.push(timer);
      return {
        cancel: () => {
          timer.run = undefined;
        },
      };
    },
    soon: (run) => {
      ready.push(run);
    },
    advance,
    settle,
    nextDue: () => earliest()?.due,
  };
}
