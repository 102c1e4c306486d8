/** Waiting a while for others to speak, so that one write does for many words; who stays silent holds nobody up. */
import type { Clock } from '#world/clock/clock.ts';
import { turnsOf } from '#world/clock/turns.ts';

export interface Patience {
  /** Milliseconds left to wait for the key; 0 once it is settled, or has been waited for long enough. */
  readonly left: (key: string, settled: boolean) => number;
  /** The key is gone. */
  readonly forget: (key: string) => void;
}

/** How soon is looked again whether there is time to spare. */
const lookAgainMs = 100;

/** `ms` for each key, from the first look at which it was not settled. */
export function patience(clock: Clock, ms: number): Patience {
  /** Monotonic. */
  const since = new Map<string, number>();
  return {
    left: (key, settled) => {
      if (settled) {
        since.delete(key);
        return 0;
      }
      const now = clock.monotonic();
      const first = since.get(key) ?? now;
      since.set(key, first);
      return Math.max(0, first + ms - now);
    },
    forget: (key) => void since.delete(key),
  };
}

/** As `patience`, but only while much else is to do: with time to spare nobody waits. */
export function patienceWhileBusy(clock: Clock, ms: number): Patience {
  const turns = turnsOf(clock);
  const { left, forget } = patience(clock, ms);
  return { left: (key, settled) => Math.min(lookAgainMs, left(key, settled || !turns.busy())), forget };
}
