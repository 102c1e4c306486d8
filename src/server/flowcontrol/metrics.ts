/** What flow control does, under kube-apiserver's names. Values are read when somebody looks. */

import { flowControlMetrics as names } from '#runtime/telemetry/flow-control-names.ts';
import { createMetrics, type MetricDefinition, type Metrics } from '#runtime/telemetry/metrics.ts';
import type { FlowCounts, Rejection } from './flow.ts';
import type { Level } from './level.ts';

export interface FlowMetrics {
  readonly count: (counts: FlowCounts) => void;
  readonly level: (level: Level) => void;
  /** A request has waited, and was then executed or not. */
  readonly waited: (counts: FlowCounts, executed: boolean, seconds: number) => void;
  readonly text: () => string;
}

const reasons: readonly Rejection[] = ['cancelled', 'concurrency-limit', 'queue-full', 'time-out'];

/** All series of one server, and a text of them. */
export function flowMetrics(): FlowMetrics {
  const metrics = createMetrics();
  return {
    count: (counts) => watchCounts(metrics, counts),
    level: (level) => watchLevel(metrics, level),
    waited: ({ level, schema }, executed, seconds) =>
      metrics
        .histogram(names.waitSeconds, { priority_level: level, flow_schema: schema, execute: String(executed) })
        .observe(seconds),
    text: metrics.text,
  };
}

function watchLevel(metrics: Metrics, level: Level): void {
  const { name, queues } = level;
  const { demand } = queues;
  const watch = (definition: MetricDefinition<'priority_level'>, read: () => number) =>
    metrics.watchedGauge(definition, { priority_level: name }, read);
  watch(names.nominalSeats, () => level.bounds.nominal);
  watch(names.leastSeats, () => level.bounds.least);
  watch(names.mostSeats, () => level.bounds.most);
  watch(names.currentSeats, () => queues.limit);
  watch(names.progress, () => queues.progress / 1_000);
  watch(names.demandHighest, () => demand.statistics.highWatermark);
  watch(names.demandAverage, () => demand.statistics.average);
  watch(names.demandDeviation, () => demand.statistics.deviation);
  watch(names.demandSmoothed, () => demand.statistics.smoothed);
}

function watchCounts(metrics: Metrics, counts: FlowCounts): void {
  const labels = { priority_level: counts.level, flow_schema: counts.schema };
  metrics.watchedGauge(names.dispatched, labels, () => counts.dispatched);
  metrics.watchedGauge(names.waiting, labels, () => counts.waiting);
  metrics.watchedGauge(names.waitingSeats, labels, () => counts.waitingSeats);
  metrics.watchedGauge(names.executing, labels, () => counts.executing);
  metrics.watchedGauge(names.executingSeats, labels, () => counts.executingSeats);
  for (const reason of reasons)
    metrics.watchedGauge(names.rejected, { ...labels, reason }, () => counts.rejected[reason]);
}
