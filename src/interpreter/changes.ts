/** That kinds mean something else now: told to whoever rests on it, several changes at once. */
import type { Clock } from '#world/clock/clock.ts';

/** Whether objects of a kind mean something else now. */
export type Affects = (apiVersion: string, kind: string) => boolean;

export interface MeaningChanges {
  readonly changed: (affects: Affects) => void;
  readonly onChange: (listener: (affects: Affects) => void) => void;
}

/** Customizations are applied in sets: one look at all objects does for a set. */
const togetherMs = 100;

export function meaningChanges(clock: Clock): MeaningChanges {
  const listeners: ((affects: Affects) => void)[] = [];
  let waiting: Affects[] = [];
  const tell = () => {
    const changes = waiting;
    waiting = [];
    const affects: Affects = (apiVersion, kind) => changes.some((each) => each(apiVersion, kind));
    for (const listener of listeners) listener(affects);
  };
  return {
    changed: (affects) => {
      if (waiting.push(affects) === 1) clock.after(togetherMs, tell);
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
