/** ClusterOverridePolicy: as OverridePolicy, for templates of all namespaces and of none. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';
import { overrideSpec } from './override-spec.ts';

export const ClusterOverridePolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'ClusterOverridePolicy',
  description:
    'Says how templates of any namespace, or of none, differ in some clusters. OverridePolicies are ' +
    'applied after it.',
  plural: 'clusteroverridepolicies',
  scope: 'Cluster',
  shortNames: ['cop'],
  categories: ['karmada-io'],
  columns: [],
  schema: described(object({ spec: required(overrideSpec) }), { spec: 'Which templates differ, where, and how.' }),
});

export interface ClusterOverridePolicy extends KindOf<typeof ClusterOverridePolicyKind> {}
