/** The metrics of an estimator: how often it is asked, how that ended, and how long plugins took. */
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import { metric } from '#runtime/telemetry/names.ts';
import type { Clock } from '#world/clock/clock.ts';

/** As labels say it. */
export type Question = 'MaxAvailableReplicas' | 'MaxAvailableComponentSets' | 'GetUnschedulableReplicas';
export type ExtensionPoint = 'estimate_replicas' | 'estimate_components';

export interface Measure {
  /** Counts the answer or the failure, and rethrows it. */
  readonly question: <T>(type: Question, answer: () => Promise<T>) => Promise<T>;
  readonly plugins: <T>(point: ExtensionPoint, run: () => T) => T;
  readonly plugin: <T>(name: string, point: ExtensionPoint, run: () => T) => T;
}

export function measureWith(metrics: Metrics, clock: Clock): Measure {
  const secondsSince = (start: number) => (clock.monotonic() - start) / 1_000;

  const timed = <T>(run: () => T, observe: (seconds: number) => void): T => {
    const start = clock.monotonic();
    const result = run();
    observe(secondsSince(start));
    return result;
  };

  return {
    question: async (type, answer) => {
      const start = clock.monotonic();
      const count = (result: 'success' | 'error') => {
        metrics.counter(metric.estimates, { result, type }).add();
        metrics.histogram(metric.estimateSeconds, { result, type, step: 'Total' }).observe(secondsSince(start));
      };
      try {
        const result = await answer();
        count('success');
        return result;
      } catch (error) {
        count('error');
        throw error;
      }
    },
    plugins: (point, run) =>
      timed(run, (seconds) => {
        metrics
          .histogram(metric.estimateExtensionSeconds, { estimating_plugin_extension_point: point })
          .observe(seconds);
      }),
    plugin: (name, point, run) =>
      timed(run, (seconds) => {
        metrics
          .histogram(metric.estimatePluginSeconds, {
            estimating_plugin: name,
            estimating_plugin_extension_point: point,
          })
          .observe(seconds);
      }),
  };
}
