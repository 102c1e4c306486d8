/** A clock that moves only when told: timers fire in order of due time, then of creation. */
import type { Clock } from './clock.ts';

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
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
  const timers = new Set<Pending>();
  let ready: (() => void)[] = [];

  const earliest = (): Pending | undefined => {
    let first: Pending | undefined;
    for (const timer of timers) {
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  };

  const settle = async () => {
    for (let quiet = 0; quiet < quietTurns; ) {
      const batch = ready;
      ready = [];
      for (const run of batch) run();
      await turn();
      quiet = batch.length === 0 && ready.length === 0 ? quiet + 1 : 0;
    }
  };

  const advance = async (ms: number) => {
    const until = now + ms;
    await settle();
    for (let next = earliest(); next && next.due <= until; next = earliest()) {
      timers.delete(next);
      now = Math.max(now, next.due);
      next.run();
      await settle();
    }
    now = until;
  };

  return {
    now: () => now,
    monotonic: () => now - startMs,
    after: (ms, run) => {
      const timer = { due: now + Math.max(0, ms), order: order++, run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    soon: (run) => {
      ready.push(run);
    },
    advance,
    settle,
    nextDue: () => earliest()?.due,
  };
}
