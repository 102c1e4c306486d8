/** ResourceBinding: one namespaced template bound to clusters. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { bindingColumns, bindingSpec, bindingStatus } from './binding-spec.ts';

export const ResourceBindingKind = defineKind({
  group: 'work.karmada.io',
  version: 'v1alpha2',
  kind: 'ResourceBinding',
  plural: 'resourcebindings',
  scope: 'Namespaced',
  shortNames: ['rb'],
  categories: ['karmada-io'],
  columns: bindingColumns,
  subresources: { status: true },
  schema: object({ spec: required(bindingSpec), status: bindingStatus }),
});

export interface ResourceBinding extends KindOf<typeof ResourceBindingKind> {}
