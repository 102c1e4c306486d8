/** Evictions one after the other, so that a cluster that goes away does not set everything else in motion at once. */
import type { Clock } from '#world/clock/clock.ts';

export interface Pace {
  /** Milliseconds until it is the key's turn; 0: now, and its turn is over. Asked again, a key keeps its place. */
  readonly turn: (key: string) => number;
  /** It need not wait any longer. */
  readonly forget: (key: string) => void;
}

/** Between two looks where the rate allows nothing. */
const stillMs = 1_800_000;

/** `perSecond`: turns in a second; 0 for none. Holds one entry for each key that waits, as the work queue does. */
export function pace(clock: Clock, perSecond: number): Pace {
  const betweenMs = 1_000 / perSecond;
  /** Monotonic times. */
  const turns = new Map<string, number>();
  let free = Number.NEGATIVE_INFINITY;
  return {
    turn: (key) => {
      if (perSecond <= 0) return stillMs;
      const now = clock.monotonic();
      let at = turns.get(key);
      if (at === undefined) {
        // Nobody waits any more: places that were given up do not hold up who comes next.
        if (turns.size === 0) free = Math.min(free, now + betweenMs);
        at = Math.max(now, free);
        free = at + betweenMs;
      }
      if (at <= now) {
        turns.delete(key);
        return 0;
      }
      turns.set(key, at);
      return at - now;
    },
    forget: (key) => void turns.delete(key),
  };
}
