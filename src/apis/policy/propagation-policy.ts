/** PropagationPolicy: which templates of its namespace go where, and how. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { policyColumns, propagationSpec } from './propagation-spec.ts';

export const PropagationPolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'PropagationPolicy',
  plural: 'propagationpolicies',
  scope: 'Namespaced',
  shortNames: ['pp'],
  categories: ['karmada-io'],
  columns: policyColumns,
  schema: object({ spec: required(propagationSpec) }),
});

export interface PropagationPolicy extends KindOf<typeof PropagationPolicyKind> {}
