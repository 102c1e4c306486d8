/** Since when a stage has been waiting for its time, by Pod. On the monotonic clock: setting the wall clock moves nothing. */
import type { Pod } from '#apis/kubernetes/types.ts';
import type { Clock } from '#world/clock/clock.ts';

interface Waiting {
  readonly uid: string;
  readonly stage: string;
  readonly due: number;
}

export interface StageTimers {
  /** Milliseconds left until the stage's time; `delay` is asked for when the wait begins. 0: now. */
  readonly left: (key: string, pod: Pod, stage: string, delay: () => number) => number;
  readonly forget: (key: string) => void;
}

/** At most one for each Pod that is there. */
export function stageTimers(clock: Clock): StageTimers {
  const waiting = new Map<string, Waiting>();
  return {
    left: (key, { metadata }, stage, delay) => {
      const now = clock.monotonic();
      let entry = waiting.get(key);
      if (entry?.uid !== metadata.uid || entry?.stage !== stage) {
        const ms = delay();
        if (ms <= 0) return 0;
        entry = { uid: metadata.uid!, stage, due: now + ms };
        waiting.set(key, entry);
      }
      return Math.max(0, entry.due - now);
    },
    forget: (key) => {
      waiting.delete(key);
    },
  };
}
