/** ClusterOverridePolicy: as OverridePolicy, for templates of all namespaces and of none. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { overrideSpec } from './override-spec.ts';

export const ClusterOverridePolicyKind = defineKind({
  group: 'policy.karmada.io',
  version: 'v1alpha1',
  kind: 'ClusterOverridePolicy',
  plural: 'clusteroverridepolicies',
  scope: 'Cluster',
  shortNames: ['cop'],
  categories: ['karmada-io'],
  columns: [],
  schema: object({ spec: required(overrideSpec) }),
});

export interface ClusterOverridePolicy extends KindOf<typeof ClusterOverridePolicyKind> {}
