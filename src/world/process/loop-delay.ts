/** How late the event loop is: what a turn that takes too long costs everybody else. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopDelay {
  /** Milliseconds since it was last read. */
  readonly p99: number;
  readonly most: number;
}

/** Fine enough to see the 10 ms after which work must yield; a timer of 10 ms costs 0.1 % of a core. */
const resolutionMs = 10;

/** Begins to measure; call what it answers to read and begin anew. */
export function watchLoopDelay(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  // It records the time between two looks, which is the resolution when nothing is late.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  return () => {
    const delay = { p99: late(histogram.percentile(99)), most: late(histogram.max) };
    histogram.reset();
    return delay;
  };
}
