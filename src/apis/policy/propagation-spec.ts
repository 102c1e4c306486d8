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
import { failover } from './failover.ts';
import { placement } from './placement.ts';

export const propagationSpec = object({
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
});
export type PropagationSpec = Static<typeof propagationSpec>;

export const policyColumns = [
  { name: 'CONFLICT-RESOLUTION', type: 'string', jsonPath: '.spec.conflictResolution' },
  { name: 'PRIORITY', type: 'string', jsonPath: '.spec.priority' },
  { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];
