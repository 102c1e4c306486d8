/** What the process itself tells: its memory, and how late its event loop is. */
import type { Metrics } from './metrics.ts';
import { metric } from './names.ts';

export interface ProcessDoors {
  readonly memoryBytes: () => number;
  /** The event loop's delay since it was last asked for, in milliseconds. */
  readonly loopDelay: () => { readonly p99: number; readonly most: number };
}

export function processMetrics(metrics: Metrics, { memoryBytes, loopDelay }: ProcessDoors): void {
  let delay = { p99: 0, most: 0 };
  metrics.watchedGauge(metric.residentMemory, {}, memoryBytes);
  // One look for both: the text is written in the order of registration.
  metrics.watchedGauge(metric.loopDelayP99, {}, () => {
    delay = loopDelay();
    return delay.p99 / 1000;
  });
  metrics.watchedGauge(metric.loopDelayMost, {}, () => delay.most / 1000);
}
