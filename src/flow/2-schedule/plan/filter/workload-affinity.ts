/**
 * WorkloadAffinity and WorkloadAntiAffinity: workloads of one group on the same clusters, or on different ones. Who is
 * placed nowhere yet holds nobody back, and what is placed already stays. Behind the gate of the same name.
 */
import type { WorkloadPeers } from '../input.ts';
import type { Plugin } from '../plugin.ts';
import type { Scheduling } from '../scheduling.ts';

/** The peers of a group the binding is in; undefined where it is in none, or groups do not count. */
function peersOf({ spec, input }: Scheduling, kind: keyof WorkloadPeers): readonly (readonly string[])[] | undefined {
  const { affinityGroup, antiAffinityGroup } = spec.workloadAffinityGroups ?? {};
  const group = kind === 'affinity' ? affinityGroup : antiAffinityGroup;
  if (!input.settings.gates.WorkloadAffinity || !group) return undefined;
  const placed = (input.peers?.[kind] ?? []).filter((clusters) => clusters.length > 0);
  return placed.length > 0 ? placed : undefined;
}

export const workloadAffinity: Plugin = {
  filter: (scheduling) => {
    const peers = peersOf(scheduling, 'affinity')?.map((clusters) => new Set(clusters));
    if (!peers) return undefined;
    const { held } = scheduling;
    return ({ name }) =>
      held.has(name) || peers.every((clusters) => clusters.has(name))
        ? undefined
        : 'ResourceBinding with the same affinity group does not target this cluster';
  },
};

export const workloadAntiAffinity: Plugin = {
  filter: (scheduling) => {
    const taken = new Set(peersOf(scheduling, 'antiAffinity')?.flat());
    if (taken.size === 0) return undefined;
    const { held } = scheduling;
    return ({ name }) =>
      taken.has(name) && !held.has(name) ? 'cluster already has workload with the same anti-affinity group' : undefined;
  },
};
