/** The two kinds of binding as one: most of the flow does not care whether a template lives in a namespace. */
import { bindingName, bindingNamespace, clusterBindingName } from '#apis/names/annotations.ts';
import { bindingId, clusterBindingId } from '#apis/names/labels.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ClusterResourceBinding } from './cluster-resource-binding.ts';
import { ClusterResourceBindingKind } from './cluster-resource-binding.ts';
import type { ResourceBinding } from './resource-binding.ts';
import { ResourceBindingKind } from './resource-binding.ts';

export type Binding = ResourceBinding | ClusterResourceBinding;

export const bindingKinds = [ResourceBindingKind, ClusterResourceBindingKind] as const;

/** The kind that binds a template in this namespace, or in none. */
export const bindingKindFor = (namespace: string | undefined): (typeof bindingKinds)[number] =>
  namespace ? ResourceBindingKind : ClusterResourceBindingKind;

/** The id a binding gives its Works; '' where there is none. */
export const bindingIdOf = ({ metadata: { labels } }: KubeObject): string =>
  labels?.[bindingId] ?? labels?.[clusterBindingId] ?? '';

/** Index of bindings and Works by that id: how each finds the other. */
export const byBindingId = 'binding-id';
export const bindingIdIndex = (object: KubeObject): readonly string[] => {
  const id = bindingIdOf(object);
  return id ? [id] : [];
};

/** Index of bindings by the clusters they are placed in. */
export const byTargetCluster = 'target-cluster';
export const targetClusterIndex = ({ spec }: Binding): readonly string[] =>
  (spec.clusters ?? []).map(({ name }) => name);

/** Key of the binding that a Work says it is of: `namespace/name`, or the name alone of a cluster-wide one. */
export function bindingKeyOf({ metadata: { annotations = {} } }: KubeObject): string | undefined {
  const { [bindingNamespace]: namespace, [bindingName]: name, [clusterBindingName]: clusterName } = annotations;
  return name ? keyFor(namespace, name) : clusterName;
}
