/**
 * What a process has still to read before it knows where it stands: the first lists of its informers. While some are
 * under way, controllers hold back what is not urgent, so that an edit waits for what it needs and for nothing else.
 */
import type { Clock } from '#world/clock/clock.ts';

/** A list that takes longer than this holds nobody back any more. 30,000 objects of seven kinds take ten seconds. */
const longestHoldMs = 15_000;

export interface Loading {
  /** A first list is being read. Returns how to say that it is over, whatever became of it; any number of times. */
  readonly begin: () => () => void;
  readonly active: () => boolean;
  /** Runs once, when nothing is being loaded any more; at once where nothing is. */
  readonly whenOver: (run: () => void) => void;
}

const known = new WeakMap<Clock, Loading>();

/** All that shares a clock shares an event loop, and gives way together. */
export function loadingOf(clock: Clock): Loading {
  let loading = known.get(clock);
  if (!loading) {
    loading = createLoading(clock);
    known.set(clock, loading);
  }
  return loading;
}

function createLoading(clock: Clock): Loading {
  let underWay = 0;
  let waiting: (() => void)[] = [];

  const ended = () => {
    if (--underWay > 0) return;
    const due = waiting;
    waiting = [];
    for (const run of due) run();
  };

  return {
    begin: () => {
      let open = true;
      const end = () => {
        if (!open) return;
        open = false;
        hold.cancel();
        ended();
      };
      underWay++;
      const hold = clock.after(longestHoldMs, end);
      return end;
    },
    active: () => underWay > 0,
    whenOver: (run) => {
      if (underWay > 0) waiting.push(run);
      else run();
    },
  };
}
