/** Where the replicas of a template go (compatibility.md section 1.2). */
import { clusterAffinity, clusterAffinityFields, toleration } from '#apis/meta/selectors.ts';
import {
  array,
  enumeration,
  int64,
  integer,
  object,
  required,
  type Static,
  string,
  withDefault,
} from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const affinityName = required(string({ minLength: 1, maxLength: 32 }));

const affinityTerm = described(
  object({
    affinityName,
    ...clusterAffinityFields,
    overflowAffinities: array(object({ affinityName, ...clusterAffinityFields })),
  }),
  {
    affinityName: 'Name of the group: a label key, unique in this placement.',
    overflowAffinities:
      'Further clusters, in order, for replicas that find no room in the group; only where replicas are ' +
      'divided by room.',
    'overflowAffinities.affinityName': 'Name of the group: a label key, unique in this placement.',
  },
);

/** Absent: Duplicated. Present but empty: Divided. */
const replicaScheduling = described(
  object({
    replicaDivisionPreference: enumeration(['Aggregated', 'Weighted']),
    replicaSchedulingType: withDefault(enumeration(['Duplicated', 'Divided']), 'Divided'),
    weightPreference: object({
      dynamicWeight: enumeration(['AvailableReplicas']),
      staticWeightList: array(
        object({ targetCluster: required(clusterAffinity), weight: required(int64({ minimum: 1 })) }),
      ),
    }),
  }),
  {
    replicaDivisionPreference:
      'How replicas are divided. Weighted, filled in when absent: by weightPreference; Aggregated: over ' +
      'as few clusters as have room.',
    replicaSchedulingType:
      'Duplicated: each cluster gets as many replicas as the template says; Divided, the default: all ' +
      'clusters together do.',
    weightPreference: 'What clusters weigh, for Weighted; all the same when absent.',
    'weightPreference.dynamicWeight':
      'AvailableReplicas: a cluster weighs as many replicas as it has room for. Goes before staticWeightList.',
    'weightPreference.staticWeightList': 'Fixed weights; a cluster that no entry selects gets no replica.',
    'weightPreference.staticWeightList.targetCluster': 'The clusters that have this weight.',
    'weightPreference.staticWeightList.weight': 'In proportion to the others: 2 gets twice as many replicas as 1.',
  },
);

const spreadConstraint = described(
  object({
    maxGroups: integer(),
    minGroups: integer(),
    spreadByField: enumeration(['cluster', 'region', 'zone', 'provider']),
    spreadByLabel: string(),
  }),
  {
    maxGroups: 'At most so many groups. 0 selects none at all, so give it a number.',
    minGroups: 'At least so many groups, or nothing is placed; 1 when absent.',
    spreadByField: 'What makes a group: cluster, region, zone or provider. cluster when spreadByLabel is absent too.',
    spreadByLabel: 'Clusters with the same value of this label make a group; instead of spreadByField.',
  },
);

const workloadGroup = described(object({ groupByLabelKey: required(string()) }), {
  groupByLabelKey: 'Templates of the namespace with the same value of this label make a group.',
});

export const placement = described(
  object({
    clusterAffinities: array(affinityTerm),
    clusterAffinity,
    clusterTolerations: array(toleration),
    replicaScheduling,
    spreadConstraints: array(spreadConstraint),
    workloadAffinity: object({ affinity: workloadGroup, antiAffinity: workloadGroup }),
  }),
  {
    clusterAffinities:
      'Groups of clusters in order, instead of clusterAffinity: the first that can take the template ' +
      'gets it. Later ones are tried when it no longer can; nothing moves back by itself.',
    clusterAffinity: 'Which clusters: all parts that are given must hold. All clusters when absent or empty.',
    clusterTolerations: 'Taints of clusters that are tolerated. Any other one keeps the template from going there.',
    replicaScheduling:
      'How replicas are shared out. Each cluster gets all of them when absent; they are divided when it ' +
      'is there but empty.',
    spreadConstraints:
      'Over how many groups of clusters the template is spread; where groups are by field, one ' +
      'constraint must be by cluster.',
    workloadAffinity: 'Which other templates it must be with, or apart from. Gate WorkloadAffinity.',
    'workloadAffinity.affinity': 'Goes only where the others of its group are.',
    'workloadAffinity.antiAffinity': 'Goes nowhere where another of its group is.',
  },
);
export type Placement = Static<typeof placement>;
