/** ClusterPropagationPolicy: as PropagationPolicy, for templates of all namespaces and of none. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';
import { policyColumns, propagationSpec } from './propagation-spec.ts';

export const ClusterPropagationPolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'ClusterPropagationPolicy',
  description:
    'Says which templates of any namespace, or of none, go to which clusters. PropagationPolicies go before it.',
  plural: 'clusterpropagationpolicies',
  scope: 'Cluster',
  shortNames: ['cpp'],
  categories: ['karmada-io'],
  columns: policyColumns,
  schema: described(object({ spec: required(propagationSpec) }), { spec: 'Which templates, where they go, and how.' }),
});

export interface ClusterPropagationPolicy extends KindOf<typeof ClusterPropagationPolicyKind> {}
