/** OverridePolicy: what templates of its namespace look like in some clusters. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';
import { overrideSpec } from './override-spec.ts';

export const OverridePolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'OverridePolicy',
  description:
    'Says how templates of its namespace differ in some clusters. The templates themselves stay as they are.',
  plural: 'overridepolicies',
  scope: 'Namespaced',
  shortNames: ['op'],
  categories: ['karmada-io'],
  columns: [],
  schema: described(object({ spec: required(overrideSpec) }), { spec: 'Which templates differ, where, and how.' }),
});

export interface OverridePolicy extends KindOf<typeof OverridePolicyKind> {}
