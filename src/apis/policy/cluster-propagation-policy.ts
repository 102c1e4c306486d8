/** ClusterPropagationPolicy: as PropagationPolicy, for templates of all namespaces and of none. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { policyColumns, propagationSpec } from './propagation-spec.ts';

export const ClusterPropagationPolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'ClusterPropagationPolicy',
  plural: 'clusterpropagationpolicies',
  scope: 'Cluster',
  shortNames: ['cpp'],
  categories: ['karmada-io'],
  columns: policyColumns,
  schema: object({ spec: required(propagationSpec) }),
});

export interface ClusterPropagationPolicy extends KindOf<typeof ClusterPropagationPolicyKind> {}
