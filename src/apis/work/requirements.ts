/** What one replica of a workload needs of a cluster's nodes. */
import { requirement, toleration } from '#apis/meta/selectors.ts';
import { array, map, object, quantity, required, type Static, string } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const nodeSelectorTerm = described(
  object(
    {
      matchExpressions: array(requirement, { listType: 'atomic' }),
      matchFields: array(requirement, { listType: 'atomic' }),
    },
    { mapType: 'atomic' },
  ),
  {
    matchExpressions: 'Requirements on labels of nodes; all must hold.',
    matchFields: 'Requirements on fields of nodes; all must hold.',
  },
);

const nodeClaim = described(
  object({
    hardNodeAffinity: object(
      { nodeSelectorTerms: required(array(nodeSelectorTerm, { listType: 'atomic' })) },
      { mapType: 'atomic' },
    ),
    nodeSelector: map(string()),
    tolerations: array(toleration),
  }),
  {
    hardNodeAffinity: 'Only nodes that one of these terms fits; any when absent.',
    'hardNodeAffinity.nodeSelectorTerms': 'One that holds is enough.',
    nodeSelector: 'Only nodes with all of these labels.',
    tolerations: 'Taints of nodes that are tolerated.',
  },
);

/** A component of a workload with several kinds of Pods asks the same, but for the namespace. */
export const componentRequirements = described(
  object({
    nodeClaim,
    priorityClassName: string(),
    resourceRequest: map(quantity()),
  }),
  {
    nodeClaim: 'Which nodes it can run on; any when absent.',
    priorityClassName: 'The PriorityClass of its Pods; counts where a quota of a cluster is by class.',
    resourceRequest: 'How much of each resource it requests.',
  },
);

export const replicaRequirements = described(
  object({
    namespace: string(),
    nodeClaim,
    priorityClassName: string(),
    resourceRequest: map(quantity()),
  }),
  {
    namespace: 'Namespace of its Pods, whose quotas in the clusters count.',
    nodeClaim: 'Which nodes it can run on; any when absent.',
    priorityClassName: 'The PriorityClass of its Pods; counts where a quota of a cluster is by class.',
    resourceRequest: 'How much of each resource it requests.',
  },
);
export type ReplicaRequirements = Static<typeof replicaRequirements>;
