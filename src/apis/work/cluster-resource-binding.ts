/** ClusterResourceBinding: one cluster-scoped template bound to clusters. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { bindingColumns, bindingSpec, bindingStatus } from './binding-spec.ts';

export const ClusterResourceBindingKind = defineKind({
  group: 'work.karmada.io',
  version: 'v1alpha2',
  kind: 'ClusterResourceBinding',
  plural: 'clusterresourcebindings',
  scope: 'Cluster',
  shortNames: ['crb'],
  categories: ['karmada-io'],
  columns: bindingColumns,
  subresources: { status: true },
  schema: object({ spec: required(bindingSpec), status: bindingStatus }),
});

export interface ClusterResourceBinding extends KindOf<typeof ClusterResourceBindingKind> {}
