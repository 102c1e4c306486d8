/** OverridePolicy: what templates of its namespace look like in some clusters. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { overrideSpec } from './override-spec.ts';

export const OverridePolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'OverridePolicy',
  plural: 'overridepolicies',
  scope: 'Namespaced',
  shortNames: ['op'],
  categories: ['karmada-io'],
  columns: [],
  schema: object({ spec: required(overrideSpec) }),
});

export interface OverridePolicy extends KindOf<typeof OverridePolicyKind> {}
