/** ClusterTaintPolicy: which taints clusters get, and lose, by what their conditions say. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { clusterAffinity } from '#apis/meta/selectors.ts';
import { array, object, required, type Static, string } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const matchCondition = described(
  object({
    conditionType: required(string()),
    operator: required(string()),
    statusValues: required(array(string())),
  }),
  {
    conditionType: 'A condition of the cluster, such as Ready. One the cluster does not have is never met.',
    operator: 'In: its status is one of the values; NotIn: it is none of them.',
    statusValues: 'True, False or Unknown, as text.',
  },
);
export type MatchCondition = Static<typeof matchCondition>;

export const ClusterTaintPolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'ClusterTaintPolicy',
  description:
    'Taints clusters by what their conditions say, and takes the taints away. Deleting the policy ' +
    'takes none away.',
  plural: 'clustertaintpolicies',
  scope: 'Cluster',
  columns: [],
  schema: described(
    object({
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
    {
      spec: 'Which clusters get and lose which taints.',
      'spec.addOnConditions': 'The taints are added while all of these hold; never when absent or empty.',
      'spec.removeOnConditions': 'The taints are removed while all of these hold; never when absent or empty.',
      'spec.targetClusters': 'The clusters it is for; all when absent.',
      'spec.taints': 'The taints, told apart by key and effect.',
      'spec.taints.effect': 'NoSchedule or NoExecute; the latter only where karmada-webhook is told to allow it.',
      'spec.taints.key': 'Key of the taint.',
      'spec.taints.value': 'Value of the taint; empty when absent.',
    },
  ),
});

export interface ClusterTaintPolicy extends KindOf<typeof ClusterTaintPolicyKind> {}
