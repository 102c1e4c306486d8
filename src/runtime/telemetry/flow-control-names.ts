/** Metrics of API Priority and Fairness, as kube-apiserver names them. */
import type { MetricDefinition } from './metrics.ts';

const prefix = 'apiserver_flowcontrol_';

type Flow = 'priority_level' | 'flow_schema';

const flow = <L extends string = never>(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  ...more: readonly L[]
): MetricDefinition<Flow | L> => ({
  type,
  name: prefix + name,
  help,
  labels: ['priority_level', 'flow_schema', ...more],
});

const level = (name: string, help: string): MetricDefinition<'priority_level'> => ({
  type: 'gauge',
  name: prefix + name,
  help,
  labels: ['priority_level'],
});

export const flowControlMetrics = {
  dispatched: flow('counter', 'dispatched_requests_total', 'Requests that were given a seat.'),
  rejected: flow('counter', 'rejected_requests_total', 'Requests that were turned away.', 'reason'),
  waiting: flow('gauge', 'current_inqueue_requests', 'Requests that wait for a seat.'),
  waitingSeats: flow('gauge', 'current_inqueue_seats', 'Seats that are waited for.'),
  executing: flow('gauge', 'current_executing_requests', 'Requests under way; of watches those that begin.'),
  executingSeats: flow('gauge', 'current_executing_seats', 'Seats that are taken.'),
  waitSeconds: {
    type: 'histogram',
    name: `${prefix}request_wait_duration_seconds`,
    help: 'How long requests have waited for a seat.',
    labels: ['priority_level', 'flow_schema', 'execute'],
    buckets: [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  } satisfies MetricDefinition<Flow | 'execute'>,
  nominalSeats: level('nominal_limit_seats', 'Seats of a level by its shares.'),
  leastSeats: level('lower_limit_seats', 'Seats a level never lends.'),
  mostSeats: level('upper_limit_seats', 'Seats of a level with all it may borrow.'),
  currentSeats: level('current_limit_seats', 'Seats a level has now.'),
  progress: level('current_r', 'Seat-seconds each active queue of a level has been given.'),
  demandHighest: level('demand_seats_high_watermark', 'Most seats asked for at a time in the last period.'),
  demandAverage: level('demand_seats_average', 'Seats asked for in the last period, on average.'),
  demandDeviation: level('demand_seats_stdev', 'Standard deviation of the seats asked for in the last period.'),
  demandSmoothed: level('demand_seats_smoothed', 'Seats asked for, over many periods.'),
} as const;
