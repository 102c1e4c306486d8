/** What is measured of scheduling, under the reference's names (compatibility.md section 12). */
import { appliedPlacement } from '#apis/names/annotations.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import { metric } from '#runtime/telemetry/names.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Outcome } from './conditions.ts';
import type { DecisionMeter, DecisionStep } from './plan/input.ts';
import { placementText } from './plan/needs.ts';
import { isDivided } from './plan/strategy.ts';
import type { SchedulingLine, SchedulingQueue } from './queue.ts';

/** Why a binding comes into the queue. */
export type IncomingEvent = 'BindingAdd' | 'BindingUpdate' | 'ClusterChanged' | 'ScheduleAttemptFailure';

/** Why a binding is scheduled. */
export type ScheduleType = 'ScaleSchedule' | 'ReconcileSchedule';

/** It is scaled where it has a place and only its replicas are other than placed. */
export function scheduleTypeOf({ metadata, spec }: Binding): ScheduleType {
  const { clusters = [], placement = {}, replicas = 0 } = spec;
  if (clusters.length === 0 || metadata.annotations?.[appliedPlacement] !== placementText(placement))
    return 'ReconcileSchedule';
  const scaled = isDivided(placement)
    ? clusters.reduce((sum, target) => sum + (target.replicas ?? 0), 0) !== replicas
    : clusters.some((target) => (target.replicas ?? 0) !== replicas);
  return scaled ? 'ScaleSchedule' : 'ReconcileSchedule';
}

export interface SchedulerMeter {
  readonly incoming: (event: IncomingEvent) => void;
  /** Without an outcome: it could not be written. */
  readonly attempted: (type: ScheduleType, outcome: Outcome | undefined, ms: number) => void;
  /** For the next decision. */
  readonly decision: () => DecisionMeter;
  readonly watchQueue: (queue: SchedulingQueue) => void;
}

/** Plugins are measured one by one in every hundredth decision: there are many looks at many clusters. */
const pluginSample = 100;

const lines: readonly SchedulingLine[] = ['active', 'backoff', 'unschedulable'];

export function schedulerMeter(metrics: Metrics, clock: Clock): SchedulerMeter {
  const incoming = (event: IncomingEvent) => metrics.counter(metric.scheduleIncoming, { event });
  const counters = {
    BindingAdd: incoming('BindingAdd'),
    BindingUpdate: incoming('BindingUpdate'),
    ClusterChanged: incoming('ClusterChanged'),
    ScheduleAttemptFailure: incoming('ScheduleAttemptFailure'),
  };
  const results = kept((labels: string) => {
    const [type = '', result = ''] = labels.split('|');
    return {
      attempts: metrics.counter(metric.scheduleAttempts, { result, schedule_type: type }),
      seconds: metrics.histogram(metric.scheduleSeconds, { result, schedule_type: type }),
    };
  });
  return {
    incoming: (event) => counters[event].add(),
    attempted: (type, outcome, ms) => {
      const scheduled = outcome?.outcome === 'scheduled';
      if (!outcome || (outcome.outcome !== 'scheduled' && outcome.retried)) counters.ScheduleAttemptFailure.add();
      const { attempts, seconds } = results(`${type}|${scheduled ? 'scheduled' : 'error'}`);
      attempts.add();
      seconds.observe(ms / 1000);
    },
    decision: decisionMeter(metrics, clock),
    watchQueue: (queue) => {
      for (const line of lines)
        metrics.watchedGauge(metric.schedulePending, { queue: line }, () => queue.pending(line));
    },
  };
}

function decisionMeter(metrics: Metrics, clock: Clock): () => DecisionMeter {
  const steps = kept((step: DecisionStep) =>
    metrics.histogram(metric.scheduleAlgorithmSeconds, { schedule_step: step }),
  );
  const points = kept((point: DecisionStep) =>
    metrics.histogram(metric.scheduleExtensionSeconds, { extension_point: point, result: 'Success' }),
  );
  const plugins = kept((labels: string) => {
    const [plugin = '', point = '', result = ''] = labels.split('|');
    return metrics.histogram(metric.schedulePluginSeconds, { plugin, extension_point: point, result });
  });
  const step: DecisionMeter['step'] = (name, work) => {
    const began = clock.monotonic();
    const answer = work();
    const seconds = (clock.monotonic() - began) / 1000;
    steps(name).observe(seconds);
    if (name === 'Filter' || name === 'Score') points(name).observe(seconds);
    return answer;
  };
  const plugin: NonNullable<DecisionMeter['plugin']> = (name, point, work) => {
    const began = clock.monotonic();
    const answer = work();
    // A filter answers why it refuses.
    const result = typeof answer === 'string' ? 'Unschedulable' : 'Success';
    plugins(`${name}|${point}|${result}`).observe((clock.monotonic() - began) / 1000);
    return answer;
  };
  let decisions = 0;
  return () => (decisions++ % pluginSample === 0 ? { step, plugin } : { step });
}

/** Made once for each name: finding a series by its labels costs more than what is measured. */
function kept<K extends string, V>(make: (name: K) => V): (name: K) => V {
  const made = new Map<K, V>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    const fresh = make(name);
    made.set(name, fresh);
    return fresh;
  };
}
