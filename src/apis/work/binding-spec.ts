/** Spec and status that ResourceBinding and ClusterResourceBinding share (compatibility.md section 1.4). */
import { condition, reasonPattern, suspensionFields } from '#apis/meta/selectors.ts';
import { failover } from '#apis/policy/failover.ts';
import { placement } from '#apis/policy/placement.ts';
import {
  array,
  boolean,
  dateTime,
  enumeration,
  int32,
  int64,
  map,
  object,
  rawObject,
  required,
  type Static,
  string,
  withDefault,
} from '#kube/schema/build.ts';
import { componentRequirements, replicaRequirements } from './requirements.ts';

const targetCluster = object({ name: required(string()), replicas: int32() });
export type TargetCluster = Static<typeof targetCluster>;

const gracefulEvictionTask = object({
  clustersBeforeFailover: array(string()),
  creationTimestamp: dateTime(),
  fromCluster: required(string()),
  gracePeriodSeconds: int32(),
  message: string({ maxLength: 1024 }),
  preservedLabelState: map(string()),
  producer: required(string()),
  purgeMode: enumeration(['Immediately', 'Directly', 'Graciously', 'Gracefully', 'Never']),
  reason: required(string({ maxLength: 32, minLength: 1, pattern: reasonPattern })),
  replicas: int32(),
  suppressDeletion: boolean(),
});

/** One of a workload's kinds of Pods. */
export const component = object({
  name: required(string({ maxLength: 32 })),
  replicaRequirements: componentRequirements,
  replicas: required(int32()),
});

export const bindingSpec = object({
  clusters: array(targetCluster),
  components: array(component),
  conflictResolution: withDefault(enumeration(['Abort', 'Overwrite']), 'Abort'),
  failover,
  gracefulEvictionTasks: array(gracefulEvictionTask),
  placement,
  preserveResourcesOnDeletion: boolean(),
  propagateDeps: boolean(),
  replicaRequirements,
  replicas: int32(),
  requiredBy: array(object({ clusters: array(targetCluster), name: required(string()), namespace: string() })),
  rescheduleTriggeredAt: dateTime(),
  resource: required(
    object({
      apiVersion: required(string()),
      kind: required(string()),
      name: required(string()),
      namespace: string(),
      resourceVersion: string(),
      uid: string(),
    }),
  ),
  schedulePriority: object({ priority: withDefault(int32(), 0) }),
  schedulerName: string(),
  suspension: object({ ...suspensionFields, scheduling: boolean() }),
  workloadAffinityGroups: object({ affinityGroup: string(), antiAffinityGroup: string() }),
});
export type BindingSpec = Static<typeof bindingSpec>;

const aggregatedStatusItem = object({
  applied: boolean(),
  appliedMessage: string(),
  clusterName: required(string()),
  health: enumeration(['Healthy', 'Unhealthy', 'Unknown']),
  status: rawObject(),
});
/** What one cluster says of a template. */
export type AggregatedStatusItem = Static<typeof aggregatedStatusItem>;

export const bindingStatus = object({
  aggregatedStatus: array(aggregatedStatusItem),
  conditions: array(condition),
  lastScheduledTime: dateTime(),
  schedulerObservedGeneration: int64(),
  schedulerObservingAffinityName: string(),
});
export type BindingStatus = Static<typeof bindingStatus>;

export const bindingColumns = [
  { name: 'SCHEDULED', type: 'string', jsonPath: '.status.conditions[?(@.type=="Scheduled")].status' },
  { name: 'FULLYAPPLIED', type: 'string', jsonPath: '.status.conditions[?(@.type=="FullyApplied")].status' },
  { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];
