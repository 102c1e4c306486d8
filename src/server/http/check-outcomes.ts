/** `/metrics/slis`: how every health check came out, last and so far. */
import { createMetrics, type MetricDefinition } from '#runtime/telemetry/metrics.ts';
import type { CheckObserver } from './health.ts';

const last: MetricDefinition<'name' | 'type'> = {
  type: 'gauge',
  name: 'kubernetes_healthcheck',
  help: 'How a health check came out last: 1 for well.',
  labels: ['name', 'type'],
};

const all: MetricDefinition<'name' | 'status' | 'type'> = {
  type: 'counter',
  name: 'kubernetes_healthchecks_total',
  help: 'How often a health check came out so.',
  labels: ['name', 'status', 'type'],
};

export interface CheckOutcomes {
  readonly observe: CheckObserver;
  /** Prometheus text. */
  readonly text: () => string;
}

export function checkOutcomes(): CheckOutcomes {
  const metrics = createMetrics();
  return {
    observe: (type, name, healthy) => {
      metrics.gauge(last, { name, type }).set(healthy ? 1 : 0);
      metrics.counter(all, { name, status: healthy ? 'success' : 'error', type }).add();
    },
    text: metrics.text,
  };
}
