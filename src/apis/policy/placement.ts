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

const affinityName = required(string({ minLength: 1, maxLength: 32 }));

const affinityTerm = object({
  affinityName,
  ...clusterAffinityFields,
  overflowAffinities: array(object({ affinityName, ...clusterAffinityFields })),
});

/** Absent: Duplicated. Present but empty: Divided. */
const replicaScheduling = object({
  replicaDivisionPreference: enumeration(['Aggregated', 'Weighted']),
  replicaSchedulingType: withDefault(enumeration(['Duplicated', 'Divided']), 'Divided'),
  weightPreference: object({
    dynamicWeight: enumeration(['AvailableReplicas']),
    staticWeightList: array(
      object({ targetCluster: required(clusterAffinity), weight: required(int64({ minimum: 1 })) }),
    ),
  }),
});

const spreadConstraint = object({
  maxGroups: integer(),
  minGroups: integer(),
  spreadByField: enumeration(['cluster', 'region', 'zone', 'provider']),
  spreadByLabel: string(),
});

const workloadGroup = object({ groupByLabelKey: required(string()) });

export const placement = object({
  clusterAffinities: array(affinityTerm),
  clusterAffinity,
  clusterTolerations: array(toleration),
  replicaScheduling,
  spreadConstraints: array(spreadConstraint),
  workloadAffinity: object({ affinity: workloadGroup, antiAffinity: workloadGroup }),
});
export type Placement = Static<typeof placement>;
