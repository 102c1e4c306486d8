/** Where others of a workload group are, read from the bindings (gate WorkloadAffinity). */
import type { Binding } from '#apis/work/binding.ts';
import type { Informer } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { WorkloadPeers } from './plan/input.ts';

const byGroup = 'workload-group';

type Side = keyof WorkloadPeers;

/** Groups reach no further than a namespace. */
const groupKey = (side: Side, namespace: string | undefined, group: string) => `${side}|${namespace}|${group}`;

function groupsOf({ metadata, spec }: Binding): readonly string[] {
  const { affinityGroup, antiAffinityGroup } = spec.workloadAffinityGroups ?? {};
  const { namespace } = metadata;
  return [
    ...(affinityGroup ? [groupKey('affinity', namespace, affinityGroup)] : []),
    ...(antiAffinityGroup ? [groupKey('antiAffinity', namespace, antiAffinityGroup)] : []),
  ];
}

export interface Peers {
  /** Undefined for a binding of no group. */
  readonly of: (binding: Binding) => WorkloadPeers | undefined;
  /** Bindings of its groups, itself not among them. */
  readonly others: (binding: Binding) => readonly Binding[];
}

/** `placing`: where a binding is being placed at this moment; what is being written counts as written. */
export function peersIn(
  bindings: Informer<Binding>,
  placing: (key: string) => readonly { readonly name: string }[] | undefined,
): Peers {
  bindings.addIndex(byGroup, groupsOf);

  const members = (binding: Binding, side: Side, group: string | undefined): readonly Binding[] => {
    if (!group) return [];
    const self = keyOf(binding);
    return bindings
      .byIndex(byGroup, groupKey(side, binding.metadata.namespace, group))
      .filter((each) => keyOf(each) !== self);
  };
  const clustersOf = (binding: Binding): readonly string[] =>
    (placing(keyOf(binding)) ?? binding.spec.clusters ?? []).map(({ name }) => name);

  return {
    of: (binding) => {
      const { affinityGroup, antiAffinityGroup } = binding.spec.workloadAffinityGroups ?? {};
      if (!affinityGroup && !antiAffinityGroup) return undefined;
      return {
        affinity: members(binding, 'affinity', affinityGroup).map(clustersOf),
        antiAffinity: members(binding, 'antiAffinity', antiAffinityGroup).map(clustersOf),
      };
    },
    others: (binding) => {
      const { affinityGroup, antiAffinityGroup } = binding.spec.workloadAffinityGroups ?? {};
      return [...members(binding, 'affinity', affinityGroup), ...members(binding, 'antiAffinity', antiAffinityGroup)];
    },
  };
}
