/** What the native controllers say in events and conditions: Kubernetes' words, one table. */

export const components = {
  deployment: 'deployment-controller',
  replicaSet: 'replicaset-controller',
  statefulSet: 'statefulset-controller',
  daemonSet: 'daemonset-controller',
  job: 'job-controller',
  cronJob: 'cronjob-controller',
  endpoints: 'endpoint-controller',
  endpointSlice: 'endpoint-slice-controller',
  disruption: 'controllermanager',
  garbage: 'garbage-collector-controller',
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
  backoffLimitExceeded: 'BackoffLimitExceeded',
  deadlineExceeded: 'DeadlineExceeded',
  unparseableSchedule: 'UnparseableSchedule',
  sawCompletedJob: 'SawCompletedJob',
  missedSchedule: 'MissSchedule',
  jobAlreadyActive: 'JobAlreadyActive',
  ownerInvalidNamespace: 'OwnerRefInvalidNamespace',
} as const;
