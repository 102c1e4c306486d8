/** What one replica of a workload needs of a cluster's nodes. */
import { toleration } from '#apis/meta/selectors.ts';
import { array, map, object, quantity, required, type Static, string } from '#kube/schema/build.ts';

const nodeSelectorRequirement = object({
  key: required(string()),
  operator: required(string()),
  values: array(string(), { listType: 'atomic' }),
});

const nodeSelectorTerm = object(
  {
    matchExpressions: array(nodeSelectorRequirement, { listType: 'atomic' }),
    matchFields: array(nodeSelectorRequirement, { listType: 'atomic' }),
  },
  { mapType: 'atomic' },
);

const nodeClaim = object({
  hardNodeAffinity: object(
    { nodeSelectorTerms: required(array(nodeSelectorTerm, { listType: 'atomic' })) },
    { mapType: 'atomic' },
  ),
  nodeSelector: map(string()),
  tolerations: array(toleration),
});

/** A component of a workload with several kinds of Pods asks the same, but for the namespace. */
export const componentRequirements = object({
  nodeClaim,
  priorityClassName: string(),
  resourceRequest: map(quantity()),
});

export const replicaRequirements = object({
  namespace: string(),
  nodeClaim,
  priorityClassName: string(),
  resourceRequest: map(quantity()),
});
export type ReplicaRequirements = Static<typeof replicaRequirements>;
