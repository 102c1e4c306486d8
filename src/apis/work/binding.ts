/** The two kinds of binding as one: most of the flow does not care whether a template lives in a namespace. */
import type { ClusterResourceBinding } from './cluster-resource-binding.ts';
import { ClusterResourceBindingKind } from './cluster-resource-binding.ts';
import type { ResourceBinding } from './resource-binding.ts';
import { ResourceBindingKind } from './resource-binding.ts';

export type Binding = ResourceBinding | ClusterResourceBinding;

export const bindingKinds = [ResourceBindingKind, ClusterResourceBindingKind] as const;

/** The kind that binds a template in this namespace, or in none. */
export const bindingKindFor = (namespace: string | undefined): (typeof bindingKinds)[number] =>
  namespace ? ResourceBindingKind : ClusterResourceBindingKind;
