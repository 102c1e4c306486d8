/** FederatedResourceQuota: how much a namespace may use in all clusters together, and in single ones. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { array, map, object, quantity, required, string } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';

const amounts = map(quantity());

export const FederatedResourceQuotaKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'FederatedResourceQuota',
  description: 'Limits how much a namespace may use in all clusters together, and in single ones.',
  plural: 'federatedresourcequotas',
  scope: 'Namespaced',
  categories: ['karmada-io'],
  columns: [
    { name: 'OVERALL', type: 'string', jsonPath: '.status.overall' },
    { name: 'OVERALL_USED', type: 'string', jsonPath: '.status.overallUsed' },
  ],
  subresources: { status: true },
  schema: described(
    object({
      spec: required(
        object({
          overall: required(amounts),
          staticAssignments: array(object({ clusterName: required(string()), hard: required(amounts) })),
        }),
      ),
      status: object({
        aggregatedStatus: array(object({ clusterName: required(string()), hard: amounts, used: amounts })),
        overall: amounts,
        overallUsed: amounts,
      }),
    }),
    {
      spec: 'How much may be used.',
      'spec.overall':
        'How much of each resource in all clusters together. Kept to with the gate ' +
        'FederatedQuotaEnforcement only.',
      'spec.staticAssignments':
        'How much in single clusters: each gets a ResourceQuota of this name. None when absent.',
      'spec.staticAssignments.clusterName': 'The cluster that gets the quota.',
      'spec.staticAssignments.hard':
        'How much of each resource; only resources that overall names, and no more than it in sum.',
      status: 'How much is used.',
      'status.aggregatedStatus': 'What the clusters with a quota of their own say.',
      'status.aggregatedStatus.clusterName': 'The cluster that says so.',
      'status.aggregatedStatus.hard': 'How much may be used there.',
      'status.aggregatedStatus.used': 'How much is used there.',
      'status.overall': 'The limits that usage was last measured against.',
      'status.overallUsed': 'How much the bindings of the namespace request in all clusters together.',
    },
  ),
});

export interface FederatedResourceQuota extends KindOf<typeof FederatedResourceQuotaKind> {}
