/** FederatedResourceQuota: how much a namespace may use in all clusters together, and in single ones. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { array, map, object, quantity, required, string } from '#kube/schema/build.ts';

const amounts = map(quantity());

export const FederatedResourceQuotaKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'FederatedResourceQuota',
  plural: 'federatedresourcequotas',
  scope: 'Namespaced',
  categories: ['karmada-io'],
  columns: [
    { name: 'OVERALL', type: 'string', jsonPath: '.status.overall' },
    { name: 'OVERALL_USED', type: 'string', jsonPath: '.status.overallUsed' },
  ],
  subresources: { status: true },
  schema: object({
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
});

export interface FederatedResourceQuota extends KindOf<typeof FederatedResourceQuotaKind> {}
