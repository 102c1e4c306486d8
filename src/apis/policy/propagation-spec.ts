/** The spec that PropagationPolicy and ClusterPropagationPolicy share (compatibility.md section 1.1). */
import { resourceSelector, suspensionFields } from '#apis/meta/selectors.ts';
import {
  array,
  boolean,
  enumeration,
  int32,
  object,
  required,
  type Static,
  string,
  withDefault,
} from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';
import { failover } from './failover.ts';
import { placement } from './placement.ts';

export const propagationSpec = described(
  object({
    activationPreference: enumeration(['Lazy']),
    association: boolean(),
    conflictResolution: withDefault(enumeration(['Abort', 'Overwrite']), 'Abort'),
    dependentOverrides: array(string()),
    failover,
    placement,
    preemption: withDefault(enumeration(['Always', 'Never']), 'Never'),
    preserveResourcesOnDeletion: boolean(),
    priority: withDefault(int32(), 0),
    propagateDeps: boolean(),
    resourceSelectors: required(array(resourceSelector, { minItems: 1 })),
    schedulePriority: object({
      priorityClassName: required(string()),
      priorityClassSource: required(enumeration(['KubePriorityClass'])),
    }),
    schedulerName: withDefault(string(), 'default-scheduler'),
    suspension: object(suspensionFields),
  }),
  {
    activationPreference:
      'Lazy: a change of this policy waits until a user changes the template. It takes effect at once ' +
      'when absent.',
    association: 'Deprecated; does nothing.',
    conflictResolution:
      'What happens to an object that a cluster has already: Abort, the default, leaves it and says so ' +
      'on the Work; Overwrite takes it over.',
    dependentOverrides:
      'Override policies that must exist before anything is sent: of the same namespace, or cluster-wide ' +
      'ones for a cluster-wide policy.',
    failover: 'How workloads leave a cluster when it or they fail.',
    placement: 'Which clusters, and how many replicas in each. All clusters, and all replicas in each, when absent.',
    preemption:
      'Always: takes templates from policies of lower priority; every selector must have a name. Never, ' +
      'the default, leaves them. Gate PropagationPolicyPreemption.',
    preserveResourcesOnDeletion:
      'True: what was sent to the clusters stays there after deletion, free of our marks. It is deleted ' +
      'when false or absent.',
    priority:
      'The higher policy gets a template that no policy has; 0 when absent. Of equals the closer ' +
      'selector wins, then the smaller name.',
    propagateDeps: 'True: what a template refers to, such as ConfigMaps and Secrets, goes along. False when absent.',
    resourceSelectors: 'Which templates; one selector that matches is enough.',
    schedulePriority: 'How early templates are scheduled. All the same when absent. Gate PriorityBasedScheduling.',
    'schedulePriority.priorityClassName':
      'The PriorityClass whose value counts; nothing is scheduled while it is missing.',
    'schedulePriority.priorityClassSource': 'Where the class is looked up: KubePriorityClass, those of Kubernetes.',
    schedulerName: 'Who schedules; default-scheduler, which is ours, when absent. Cannot be changed.',
    suspension: 'What is held back; nothing when absent.',
  },
);
export type PropagationSpec = Static<typeof propagationSpec>;

export const policyColumns = [
  { name: 'CONFLICT-RESOLUTION', type: 'string', jsonPath: '.spec.conflictResolution' },
  { name: 'PRIORITY', type: 'string', jsonPath: '.spec.priority' },
  { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];
