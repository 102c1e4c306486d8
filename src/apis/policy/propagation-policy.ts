/** PropagationPolicy: which templates of its namespace go where, and how. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';
import { policyColumns, propagationSpec } from './propagation-spec.ts';

export const PropagationPolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'PropagationPolicy',
  description: 'Says which templates of its namespace go to which clusters, and how.',
  plural: 'propagationpolicies',
  scope: 'Namespaced',
  shortNames: ['pp'],
  categories: ['karmada-io'],
  columns: policyColumns,
  schema: described(object({ spec: required(propagationSpec) }), { spec: 'Which templates, where they go, and how.' }),
});

export interface PropagationPolicy extends KindOf<typeof PropagationPolicyKind> {}
