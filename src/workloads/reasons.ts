/** What the native controllers say in events and conditions: Kubernetes' words, one table. */

export const components = {
  deployment: 'deployment-controller',
  replicaSet: 'replicaset-controller',
  statefulSet: 'statefulset-controller',
  daemonSet: 'daemonset-controller',
  job: 'job-controller',
  cronJob: 'cronjob-controller',
  garbage: 'garbage-collector-controller',
  autoscaler: 'horizontal-pod-autoscaler',
  cloud: 'service-controller',
  ingress: 'ingress-controller',
} as const;

/** Reasons of events. */
export const eventReasons = {
  scalingReplicaSet: 'ScalingReplicaSet',
  selectingAll: 'SelectingAll',
  successfulCreate: 'SuccessfulCreate',
  failedCreate: 'FailedCreate',
  successfulDelete: 'SuccessfulDelete',
  failedDelete: 'FailedDelete',
  replicaSetCreateError: 'ReplicaSetCreateError',
  failedDaemonPod: 'FailedDaemonPod',
  completed: 'Completed',
  suspended: 'Suspended',
  resumed: 'Resumed',
  unparseableSchedule: 'UnparseableSchedule',
  sawCompletedJob: 'SawCompletedJob',
  jobAlreadyActive: 'JobAlreadyActive',
  ownerInvalidNamespace: 'OwnerRefInvalidNamespace',
  failedGetScale: 'FailedGetScale',
  selectorRequired: 'SelectorRequired',
  ambiguousSelector: 'AmbiguousSelector',
  failedComputeMetrics: 'FailedComputeMetricsReplicas',
  successfulRescale: 'SuccessfulRescale',
  failedRescale: 'FailedRescale',
  ensuringLoadBalancer: 'EnsuringLoadBalancer',
  ensuredLoadBalancer: 'EnsuredLoadBalancer',
  failedLoadBalancer: 'SyncLoadBalancerFailed',
  deletedLoadBalancer: 'DeletedLoadBalancer',
} as const;
