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
import { described } from '#kube/schema/described.ts';
import { componentRequirements, replicaRequirements } from './requirements.ts';

const targetCluster = described(object({ name: required(string()), replicas: int32() }), {
  name: 'Name of the cluster.',
  replicas: 'How many replicas run there; absent where there are none to count.',
});
export type TargetCluster = Static<typeof targetCluster>;

const gracefulEvictionTask = described(
  object({
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
  }),
  {
    clustersBeforeFailover: 'The clusters it ran in when it failed; only after an application failover.',
    creationTimestamp: 'When the eviction began; filled in.',
    fromCluster: 'The cluster that is left.',
    gracePeriodSeconds:
      'How many seconds the old copy waits at most; as the controller manager is told, 600, when absent. ' +
      'Not together with suppressDeletion.',
    message: 'Why, in words for people.',
    preservedLabelState: 'Labels that the new copy gets.',
    producer: 'Who evicts, such as TaintManager.',
    purgeMode:
      'When the old copy goes. Gracefully: once the others are healthy; Directly: before anything else ' +
      'is written; Never: not by itself. Graciously and Immediately are old names of the first two.',
    reason: 'Why, in one word for programs.',
    replicas: 'How many replicas ran there.',
    suppressDeletion:
      'True: the old copy stays until this is false, which lets it go at once. Not together with ' +
      'gracePeriodSeconds.',
  },
);

/** One of a workload's kinds of Pods. */
export const component = described(
  object({
    name: required(string({ maxLength: 32 })),
    replicaRequirements: componentRequirements,
    replicas: required(int32()),
  }),
  {
    name: 'Name of the component, unique in the workload.',
    replicaRequirements: 'What one replica needs; nothing when absent.',
    replicas: 'How many Pods of it there are.',
  },
);

export const bindingSpec = described(
  object({
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
  }),
  {
    clusters: 'Where the template goes. Written by the scheduler; nowhere when empty.',
    components:
      'Kinds of Pods of a workload that has several. Gate MultiplePodTemplatesScheduling; replicas otherwise.',
    conflictResolution:
      'What happens to an object that a cluster has already: Abort, the default, leaves it and says so ' +
      'on the Work; Overwrite takes it over.',
    failover: 'How workloads leave a cluster when it or they fail.',
    gracefulEvictionTasks: 'Clusters that are being left.',
    placement: 'Which clusters, and how many replicas in each, as the policy says. Nothing is scheduled when absent.',
    preserveResourcesOnDeletion:
      'True: what was sent to the clusters stays there after deletion, free of our marks. It is deleted ' +
      'when false or absent.',
    propagateDeps: 'True: what a template refers to, such as ConfigMaps and Secrets, goes along. False when absent.',
    replicaRequirements: 'What one replica needs; nothing when absent.',
    replicas: 'How many replicas the template wants; absent where it has none.',
    requiredBy: 'Bindings whose templates need this one: it goes where they go, as well.',
    'requiredBy.clusters': 'Where that binding goes.',
    'requiredBy.name': 'Name of that binding.',
    'requiredBy.namespace': 'Namespace of that binding.',
    rescheduleTriggeredAt: 'Placed anew if this is later than status.lastScheduledTime.',
    resource: 'The template.',
    'resource.apiVersion': 'Group and version, as manifests have them: apps/v1.',
    'resource.kind': 'Kind, as manifests have it: Deployment.',
    'resource.name': 'Name of the template.',
    'resource.namespace': 'Namespace of the template; absent for one that is of none.',
    'resource.resourceVersion': 'The version of it that this binding was made from.',
    'resource.uid': 'The uid of the template.',
    schedulePriority: 'How early it is scheduled. Gate PriorityBasedScheduling.',
    'schedulePriority.priority': 'The value of the PriorityClass; higher ones are first, 0 when absent.',
    schedulerName: 'Who schedules; default-scheduler, which is ours, when absent.',
    suspension: 'What is held back; nothing when absent.',
    'suspension.scheduling': 'True: it is not scheduled, and stays where it is.',
    workloadAffinityGroups: 'The groups it belongs to, by its labels. Gate WorkloadAffinity.',
    'workloadAffinityGroups.affinityGroup': 'Goes where the others of this group are: key=value.',
    'workloadAffinityGroups.antiAffinityGroup': 'Goes where no other of this group is: key=value.',
  },
);
export type BindingSpec = Static<typeof bindingSpec>;

const aggregatedStatusItem = described(
  object({
    applied: boolean(),
    appliedMessage: string(),
    clusterName: required(string()),
    health: enumeration(['Healthy', 'Unhealthy', 'Unknown']),
    status: rawObject(),
  }),
  {
    applied: 'Whether the cluster has it as it should be.',
    appliedMessage: 'Why not.',
    clusterName: 'The cluster that says so.',
    health: 'Whether it works there; Unknown while that cannot be told.',
    status: 'What was collected of its status there.',
  },
);
/** What one cluster says of a template. */
export type AggregatedStatusItem = Static<typeof aggregatedStatusItem>;

export const bindingStatus = described(
  object({
    aggregatedStatus: array(aggregatedStatusItem),
    conditions: array(condition),
    lastScheduledTime: dateTime(),
    schedulerObservedGeneration: int64(),
    schedulerObservingAffinityName: string(),
  }),
  {
    aggregatedStatus: 'What each cluster says, in the order of their names.',
    conditions: 'Scheduled: it has its clusters; FullyApplied: all of them have it.',
    lastScheduledTime: 'When it was last scheduled with success.',
    schedulerObservedGeneration: 'The metadata.generation the scheduler has seen to.',
    schedulerObservingAffinityName: 'Which of the clusterAffinities it was placed by; empty without any.',
  },
);
export type BindingStatus = Static<typeof bindingStatus>;

export const bindingColumns = [
  { name: 'SCHEDULED', type: 'string', jsonPath: '.status.conditions[?(@.type=="Scheduled")].status' },
  { name: 'FULLYAPPLIED', type: 'string', jsonPath: '.status.conditions[?(@.type=="FullyApplied")].status' },
  { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];
