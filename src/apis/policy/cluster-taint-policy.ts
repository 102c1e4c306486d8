/** ClusterTaintPolicy: which taints clusters get, and lose, by what their conditions say. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { clusterAffinity } from '#apis/meta/selectors.ts';
import { array, object, required, type Static, string } from '#kube/schema/build.ts';

const matchCondition = object({
  conditionType: required(string()),
  operator: required(string()),
  statusValues: required(array(string())),
});
export type MatchCondition = Static<typeof matchCondition>;

export const ClusterTaintPolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'ClusterTaintPolicy',
  plural: 'clustertaintpolicies',
  scope: 'Cluster',
  columns: [],
  schema: object({
    spec: required(
      object({
        addOnConditions: array(matchCondition),
        removeOnConditions: array(matchCondition),
        taints: required(
          array(object({ effect: required(string()), key: required(string()), value: string() }), { minItems: 1 }),
        ),
        targetClusters: clusterAffinity,
      }),
    ),
  }),
});

export interface ClusterTaintPolicy extends KindOf<typeof ClusterTaintPolicyKind> {}
