/** What is measured of one controller and its queue, under the names client-go and controller-runtime use. */
import type { Clock } from '#world/clock/clock.ts';
import type { KeyQueue, QueueMeter } from './queue/queue.ts';
import type { Controller, Result } from './reconciler.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { metric } from './telemetry/names.ts';

export interface ControllerMeter {
  readonly queue: QueueMeter;
  readonly watchQueue: (queue: KeyQueue, clock: Clock) => void;
  readonly took: (ms: number) => void;
  readonly ended: (outcome: Result['outcome'] | 'conflict' | 'failed') => void;
  /** It will be tried again after a back-off; `defect`: it threw something no API server said. */
  readonly failed: (defect: boolean) => void;
}

/** controller-runtime's values of the label `result`. */
const results = {
  done: 'success',
  requeueAfter: 'requeue_after',
  terminal: 'error',
  waits: 'requeue',
  conflict: 'requeue',
  failed: 'error',
} as const;

export function controllerMeter(metrics: Metrics, controller: Controller, active: () => number): ControllerMeter {
  const name = { name: controller.name, controller: controller.name };
  const own = { controller: controller.name };
  const adds = metrics.counter(metric.queueAdds, name);
  const waits = metrics.histogram(metric.queueSeconds, name);
  const works = metrics.histogram(metric.workSeconds, name);
  const retries = metrics.counter(metric.queueRetries, name);
  const refusals = metrics.counter(metric.queueRefused, name);
  const seconds = metrics.histogram(metric.reconcileSeconds, own);
  const errors = metrics.counter(metric.reconcileErrors, own);
  const terminal = metrics.counter(metric.reconcileTerminal, own);
  const defects = metrics.counter(metric.reconcilePanics, own);
  const ended = Object.fromEntries(
    Object.entries(results).map(([outcome, result]) => [
      outcome,
      metrics.counter(metric.reconciles, { ...own, result }),
    ]),
  );
  metrics.gauge(metric.workersMost, own).set(controller.workers);
  metrics.watchedGauge(metric.workersActive, own, active);
  return {
    queue: {
      added: adds.add,
      waited: (ms) => waits.observe(ms / 1000),
      worked: (ms) => works.observe(ms / 1000),
      retried: retries.add,
      refused: refusals.add,
    },
    watchQueue: (queue, clock) => {
      for (const priority of ['high', 'low'] as const) {
        metrics.watchedGauge(metric.queueDepth, { ...name, priority }, () => queue.depth(priority));
      }
      const running = () => queue.runningSince().map((since) => (clock.monotonic() - since) / 1000);
      metrics.watchedGauge(metric.queueUnfinished, name, () => running().reduce((sum, each) => sum + each, 0));
      metrics.watchedGauge(metric.queueLongest, name, () => Math.max(0, ...running()));
    },
    took: (ms) => seconds.observe(ms / 1000),
    ended: (outcome) => {
      ended[outcome]!.add();
      if (outcome === 'terminal') terminal.add();
    },
    failed: (defect) => {
      errors.add();
      if (defect) defects.add();
    },
  };
}
