/**
 * Every metric of every component: names and labels as compatible dashboards and alerts expect them
 * (compatibility.md section 12), and the few of our own, which begin with `flotilla_`.
 */
import type { MetricDefinition } from './metrics.ts';

/** `count` bounds from `first`, each `factor` times the one before. */
const exponential = (first: number, factor: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => Number((first * factor ** i).toPrecision(12)));

const counter = <L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
): MetricDefinition<L> => ({
  type: 'counter',
  name,
  help,
  labels,
});

const gauge = <L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
): MetricDefinition<L> => ({
  type: 'gauge',
  name,
  help,
  labels,
});

const histogram = <L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  buckets: readonly number[] = exponential(0.001, 2, 12),
): MetricDefinition<L> => ({ type: 'histogram', name, help, labels, buckets });

const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const queueBuckets = exponential(1e-8, 10, 12);
const cluster = ['member_cluster'] as const;
const result = ['result'] as const;
const queue = ['name', 'controller'] as const;
const controller = ['controller'] as const;

export const metric = {
  clusterReady: gauge('cluster_ready_state', '1 when the cluster is ready, else 0.', cluster),
  clusterNodes: gauge('cluster_node_number', 'Nodes of the cluster.', cluster),
  clusterReadyNodes: gauge('cluster_ready_node_number', 'Ready nodes of the cluster.', cluster),
  clusterMemoryAllocatable: gauge('cluster_memory_allocatable_bytes', 'Memory the nodes offer.', cluster),
  clusterCpuAllocatable: gauge('cluster_cpu_allocatable_number', 'CPU cores the nodes offer.', cluster),
  clusterPodsAllocatable: gauge('cluster_pod_allocatable_number', 'Pods the nodes can hold.', cluster),
  clusterMemoryAllocated: gauge('cluster_memory_allocated_bytes', 'Memory that Pods on nodes request.', cluster),
  clusterCpuAllocated: gauge('cluster_cpu_allocated_number', 'CPU cores that Pods on nodes request.', cluster),
  clusterPodsAllocated: gauge('cluster_pod_allocated_number', 'Pods on the nodes.', cluster),
  clusterStatusSeconds: histogram(
    'cluster_sync_status_duration_seconds',
    'Time to collect the status of a cluster once.',
    cluster,
  ),

  matchPolicySeconds: histogram('resource_match_policy_duration_seconds', 'Time to find the policy of a template.'),
  applyPolicySeconds: histogram(
    'resource_apply_policy_duration_seconds',
    'Time to apply a policy to a template.',
    result,
  ),
  policyAttempts: counter('policy_apply_attempts_total', 'Attempts to apply a policy to a template.', result),
  policyPreemptions: counter('policy_preemption_total', 'Templates taken over by a policy of higher priority.', result),
  bindingSyncSeconds: histogram('binding_sync_work_duration_seconds', 'Time to write the Works of a binding.', result),
  workSyncSeconds: histogram('work_sync_workload_duration_seconds', 'Time to write a Work into its cluster.', result),
  creations: counter('create_resource_to_cluster', 'Objects created in members.', [
    'result',
    'apiversion',
    'kind',
    'member_cluster',
    'recreate',
  ]),
  updates: counter('update_resource_to_cluster', 'Objects updated in members.', [
    'result',
    'apiversion',
    'kind',
    'member_cluster',
    'operationResult',
  ]),
  deletions: counter('delete_resource_from_cluster', 'Objects deleted from members.', [
    'result',
    'apiversion',
    'kind',
    'member_cluster',
  ]),

  evictionDepth: gauge('eviction_queue_depth', 'Evictions that wait.', ['name']),
  evictionKinds: gauge('eviction_kind_total', 'Evictions that wait, by kind and cluster.', [
    'member_cluster',
    'resource_kind',
  ]),
  evictionSeconds: histogram(
    'eviction_processing_latency_seconds',
    'Time to process an eviction.',
    ['name'],
    exponential(0.001, 2, 16),
  ),
  evictions: counter('eviction_processing_total', 'Evictions processed.', ['name', 'result']),

  cronScaleSeconds: histogram(
    'cronfederatedhpa_process_duration_seconds',
    'Time to process a CronFederatedHPA.',
    result,
  ),
  cronRuleSeconds: histogram(
    'cronfederatedhpa_rule_process_duration_seconds',
    'Time to process one of its rules.',
    result,
  ),
  scaleSeconds: histogram(
    'federatedhpa_process_duration_seconds',
    'Time to process a FederatedHPA.',
    result,
    exponential(0.01, 2, 13),
  ),
  scalePullSeconds: histogram(
    'federatedhpa_pull_metrics_duration_seconds',
    'Time to pull metrics from members.',
    ['result', 'metricType'],
    exponential(0.01, 2, 13),
  ),
  scaleReconciliations: counter('reconciliations_total', 'Decisions of the autoscaler.', ['action', 'error']),
  scaleReconcileSeconds: histogram(
    'reconciliation_duration_seconds',
    'Time of one decision of the autoscaler.',
    ['action', 'error'],
    exponential(0.001, 2, 16),
  ),
  scaleComputations: counter('metric_computation_total', 'Metrics computed by the autoscaler.', [
    'action',
    'error',
    'metric_type',
  ]),
  scaleComputationSeconds: histogram(
    'metric_computation_duration_seconds',
    'Time to compute one metric.',
    ['action', 'error', 'metric_type'],
    exponential(0.001, 2, 16),
  ),

  poolGets: counter('pool_get_operation_total', 'Things taken from a pool.', ['name', 'from']),
  poolPuts: counter('pool_put_operation_total', 'Things given back to a pool.', ['name', 'to']),
  buildInfo: gauge('karmada_build_info', 'Always 1; the labels say what is running.', [
    'git_version',
    'git_commit',
    'git_short_commit',
    'git_tree_state',
    'build_date',
    'go_version',
    'compiler',
    'platform',
  ]),

  scheduleAttempts: counter('karmada_scheduler_schedule_attempts_total', 'Attempts to schedule a binding.', [
    'result',
    'schedule_type',
  ]),
  scheduleSeconds: histogram(
    'karmada_scheduler_e2e_scheduling_duration_seconds',
    'Time from taking a binding up to its written result.',
    ['result', 'schedule_type'],
  ),
  scheduleAlgorithmSeconds: histogram(
    'karmada_scheduler_scheduling_algorithm_duration_seconds',
    'Time of one step of the scheduling algorithm.',
    ['schedule_step'],
  ),
  scheduleIncoming: counter(
    'karmada_scheduler_queue_incoming_bindings_total',
    'Bindings put into the scheduling queue.',
    ['event'],
  ),
  scheduleExtensionSeconds: histogram(
    'karmada_scheduler_framework_extension_point_duration_seconds',
    'Time of all plugins of an extension point.',
    ['extension_point', 'result'],
    exponential(0.0001, 2, 12),
  ),
  schedulePluginSeconds: histogram(
    'karmada_scheduler_plugin_execution_duration_seconds',
    'Time of one plugin at an extension point.',
    ['plugin', 'extension_point', 'result'],
    exponential(0.00001, 1.5, 20),
  ),
  schedulePending: gauge('karmada_scheduler_pending_bindings', 'Bindings that wait to be scheduled.', ['queue']),
  estimates: counter('karmada_scheduler_estimator_estimating_request_total', 'Requests to estimate replicas.', [
    'result',
    'type',
  ]),
  estimateSeconds: histogram(
    'karmada_scheduler_estimator_estimating_algorithm_duration_seconds',
    'Time of one step of the estimation.',
    ['result', 'type', 'step'],
  ),
  estimateExtensionSeconds: histogram(
    'karmada_scheduler_estimator_estimating_plugin_extension_point_duration_seconds',
    'Time of all estimator plugins of an extension point.',
    ['estimating_plugin_extension_point'],
    exponential(0.0001, 2, 12),
  ),
  estimatePluginSeconds: histogram(
    'karmada_scheduler_estimator_estimating_plugin_execution_duration_seconds',
    'Time of one estimator plugin at an extension point.',
    ['estimating_plugin', 'estimating_plugin_extension_point'],
    exponential(0.00001, 1.5, 20),
  ),

  queueDepth: gauge('workqueue_depth', 'Keys that wait.', ['name', 'controller', 'priority']),
  queueAdds: counter('workqueue_adds_total', 'Keys added.', queue),
  queueSeconds: histogram('workqueue_queue_duration_seconds', 'Time a key waits.', queue, queueBuckets),
  workSeconds: histogram('workqueue_work_duration_seconds', 'Time to process a key.', queue, queueBuckets),
  queueUnfinished: gauge(
    'workqueue_unfinished_work_seconds',
    'Time that keys in process have taken so far, summed.',
    queue,
  ),
  queueLongest: gauge(
    'workqueue_longest_running_processor_seconds',
    'Time that the oldest key in process has taken.',
    queue,
  ),
  queueRetries: counter('workqueue_retries_total', 'Keys added again after a failure.', queue),
  queueRefused: counter('flotilla_workqueue_refused_total', 'Keys refused because the queue was full.', queue),

  reconciles: counter('controller_runtime_reconcile_total', 'Reconciliations by result.', ['controller', 'result']),
  reconcileErrors: counter('controller_runtime_reconcile_errors_total', 'Reconciliations that failed.', controller),
  reconcileTerminal: counter(
    'controller_runtime_terminal_reconcile_errors_total',
    'Reconciliations that cannot work until an object changes.',
    controller,
  ),
  reconcilePanics: counter(
    'controller_runtime_reconcile_panics_total',
    'Reconciliations ended by a defect of ours.',
    controller,
  ),
  reconcileSeconds: histogram(
    'controller_runtime_reconcile_time_seconds',
    'Time of a reconciliation.',
    controller,
    requestBuckets,
  ),
  workersMost: gauge('controller_runtime_max_concurrent_reconciles', 'Workers of a controller.', controller),
  workersActive: gauge('controller_runtime_active_workers', 'Workers at work.', controller),

  webhookRequests: counter('controller_runtime_webhook_requests_total', 'Admission requests.', ['webhook', 'code']),
  webhookSeconds: histogram(
    'controller_runtime_webhook_latency_seconds',
    'Time of an admission request.',
    ['webhook'],
    requestBuckets,
  ),
  webhookInFlight: gauge('controller_runtime_webhook_requests_in_flight', 'Admission requests being answered.', [
    'webhook',
  ]),

  isLeader: gauge('leader_election_master_status', '1 while this process leads, else 0.', ['name']),
  clientRequests: counter('rest_client_requests_total', 'Requests to API servers.', ['code', 'method', 'host']),
  informerLists: counter('flotilla_informer_lists_total', 'Full lists taken over by an informer.', [
    'cluster',
    'resource',
  ]),
  informerFailures: counter('flotilla_informer_failures_total', 'Lists and watches that failed.', [
    'cluster',
    'resource',
  ]),
  informerDefects: counter('flotilla_informer_handler_failures_total', 'Handlers that threw: defects.', [
    'cluster',
    'resource',
  ]),
  residentMemory: gauge('process_resident_memory_bytes', 'Memory of the process.'),
  loopDelayP99: gauge('nodejs_eventloop_lag_p99_seconds', 'Event loop delay since it was last read, 99th percentile.'),
  loopDelayMost: gauge('nodejs_eventloop_lag_max_seconds', 'Event loop delay since it was last read, the longest.'),
  eventsWritten: counter('flotilla_events_written_total', 'Events written.', ['component']),
  eventsDropped: counter('flotilla_events_dropped_total', 'Events not written, and why.', ['component', 'reason']),
} as const;
