/** The metrics of an API server, under kube-apiserver's names and labels: dashboards and alerts find what they look for. */
import type { MetricDefinition } from '#runtime/telemetry/metrics.ts';

const resource = ['group', 'version', 'resource'] as const;
const request = ['component', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'] as const;
const dryRequest = ['component', 'dry_run', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'] as const;

/** Seconds, as kube-apiserver divides them. */
const requestBuckets = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

const define = <L extends string>(definition: MetricDefinition<L>): MetricDefinition<L> => definition;

export const serverMetric = {
  requests: define({
    type: 'counter',
    name: 'apiserver_request_total',
    help: 'Requests, by what they asked for and how they were answered.',
    labels: ['code', ...dryRequest],
  }),
  requestSeconds: define({
    type: 'histogram',
    name: 'apiserver_request_duration_seconds',
    help: 'Time from a request to its answer; watches do not count.',
    labels: dryRequest,
    buckets: requestBuckets,
  }),
  sliSeconds: define({
    type: 'histogram',
    name: 'apiserver_request_sli_duration_seconds',
    help: 'The same without the time that was spent waiting for others.',
    labels: request,
    buckets: requestBuckets,
  }),
  inflight: define({
    type: 'gauge',
    name: 'apiserver_current_inflight_requests',
    help: 'Requests under way, by whether they may change something.',
    labels: ['request_kind'],
  }),
  longRunning: define({
    type: 'gauge',
    name: 'apiserver_longrunning_requests',
    help: 'Watches, and connections to Pods, that last.',
    labels: request,
  }),
  watchEvents: define({
    type: 'counter',
    name: 'apiserver_watch_events_total',
    help: 'Events sent to watchers.',
    labels: resource,
  }),
  storageObjects: define({
    type: 'gauge',
    name: 'apiserver_storage_objects',
    help: 'Objects stored, by resource.',
    labels: ['resource'],
  }),
  resourceObjects: define({
    type: 'gauge',
    name: 'apiserver_resource_objects',
    help: 'Objects stored, by group and resource.',
    labels: ['group', 'resource'],
  }),
  unavailableService: define({
    type: 'gauge',
    name: 'aggregator_unavailable_apiservice',
    help: 'Whether an APIService is unavailable.',
    labels: ['name'],
  }),
  buildInfo: define({
    type: 'gauge',
    name: 'kubernetes_build_info',
    help: 'The Kubernetes release this server answers as; the value is always 1.',
    labels: ['compiler', 'git_version', 'major', 'minor', 'platform'],
  }),
} as const;
