/** Reasons of the events the control plane writes: the reference's words (golden events.json), one table. */

export const reasons = {
  applyPolicySucceed: 'ApplyPolicySucceed',
  applyPolicyFailed: 'ApplyPolicyFailed',
  preemptPolicySucceed: 'PreemptPolicySucceed',
  preemptPolicyFailed: 'PreemptPolicyFailed',
  getReplicasSucceed: 'GetReplicasSucceed',
  getReplicasFailed: 'GetReplicasFailed',
  scheduleBindingSucceed: 'ScheduleBindingSucceed',
  scheduleBindingFailed: 'ScheduleBindingFailed',
  syncWorkSucceed: 'SyncWorkSucceed',
  syncWorkFailed: 'SyncWorkFailed',
  cleanupWorkFailed: 'CleanupWorkFailed',
  syncSucceed: 'SyncSucceed',
  syncFailed: 'SyncFailed',
  workDispatching: 'WorkDispatching',
  reflectStatusSucceed: 'ReflectStatusSucceed',
  reflectStatusFailed: 'ReflectStatusFailed',
  interpretHealthSucceed: 'InterpretHealthSucceed',
  interpretHealthFailed: 'InterpretHealthFailed',
  aggregateStatusSucceed: 'AggregateStatusSucceed',
  aggregateStatusFailed: 'AggregateStatusFailed',
  createExecutionSpaceSucceed: 'CreateExecutionSpaceSucceed',
  createExecutionSpaceFailed: 'CreateExecutionSpaceFailed',
  removeExecutionSpaceSucceed: 'RemoveExecutionSpaceSucceed',
  removeExecutionSpaceFailed: 'RemoveExecutionSpaceFailed',
  taintClusterSucceed: 'TaintClusterSucceed',
  taintClusterFailed: 'TaintClusterFailed',
} as const;

/** Which component an event says it comes from. */
export const components = {
  detector: 'resource-detector',
  scheduler: 'default-scheduler',
  binding: 'binding-controller',
  clusterBinding: 'cluster-resource-binding-controller',
  execution: 'execution-controller',
  workStatus: 'work-status-controller',
  bindingStatus: 'resource-binding-status-controller',
  clusterBindingStatus: 'cluster-resource-binding-status-controller',
  cluster: 'cluster-controller',
  clusterStatus: 'cluster-status-controller',
} as const;
