/** What a watch has brought and the cache has not taken in yet; worked off in order, in slices of a shared turn. */
import type { Turns } from '#world/clock/turns.ts';

/**
 * 65,536 changes at one reference and 32 bytes each are 3 MB; a cluster that changes more than that within the few
 * turns a busy process lags behind is listed anew.
 */
export const mostWaiting = 65_536;

/** A piece of work that can pause: it yields after each small step. */
export type Work = () => Iterator<void> | undefined;

export interface Inbox {
  /** Does the work at once when nothing waits before it and the turn has time. False: full, the work is refused. */
  readonly add: (work: Work) => boolean;
  readonly clear: () => void;
}

export function inbox(turns: Turns, failed: (error: unknown) => void): Inbox {
  let waiting: Work[] = [];
  let next = 0;
  let running: Iterator<void> | undefined;
  let scheduled = false;

  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    turns.later(() => {
      scheduled = false;
      drain();
    });
  };

  /** False when the turn ran out first. */
  const runOn = (): boolean => {
    while (running) {
      if (running.next().done) running = undefined;
      else if (!turns.hasTime()) return false;
    }
    return true;
  };

  const step = (work: Work | undefined): boolean => {
    try {
      if (work) running = work();
      return runOn();
    } catch (error) {
      running = undefined;
      failed(error);
      return true;
    }
  };

  const drain = () => {
    if (!step(undefined)) return schedule();
    while (next < waiting.length) {
      if (!turns.hasTime() || !step(waiting[next++])) return schedule();
    }
    waiting = [];
    next = 0;
  };

  return {
    add: (work) => {
      if (running || scheduled || next < waiting.length || !turns.hasTime()) {
        if (waiting.length - next >= mostWaiting) return false;
        waiting.push(work);
        schedule();
        return true;
      }
      if (!step(work)) schedule();
      return true;
    },
    clear: () => {
      waiting = [];
      next = 0;
      running = undefined;
    },
  };
}
