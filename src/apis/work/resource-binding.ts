/** ResourceBinding: one namespaced template bound to clusters. */
import { defineKind, type KindOf } from '#apis/define.ts';
import { object, required } from '#kube/schema/build.ts';
import { described } from '#kube/schema/described.ts';
import { bindingColumns, bindingSpec, bindingStatus } from './binding-spec.ts';

export const ResourceBindingKind = defineKind({
  group: 'work.karmada.io',
  version: 'v1alpha2',
  kind: 'ResourceBinding',
  description:
    'Binds one template of its namespace to clusters. Made from the policy that has the template; people read it.',
  plural: 'resourcebindings',
  scope: 'Namespaced',
  shortNames: ['rb'],
  categories: ['karmada-io'],
  columns: bindingColumns,
  subresources: { status: true },
  schema: described(object({ spec: required(bindingSpec), status: bindingStatus }), {
    spec: 'The template, how it is to be placed, and where it went.',
    status: 'What scheduler and clusters say.',
  }),
});

export interface ResourceBinding extends KindOf<typeof ResourceBindingKind> {}
