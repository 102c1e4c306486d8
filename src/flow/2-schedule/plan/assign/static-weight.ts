/** Static weights: replicas are dealt from scratch each time, whatever is placed where. */
import { clusterMatcher } from '#apis/cluster/affinity.ts';
import type { Scheduling } from '../scheduling.ts';
import type { Candidate } from '../score/candidates.ts';
import type { Assigned } from './assign.ts';
import { tiesDescend } from './ties.ts';
import { webster } from './webster.ts';

/** The largest weight of the rules that match a cluster; clusters no rule names weigh nothing, unless none is named. */
function weightsOf(selected: readonly Candidate[], { placement }: Scheduling): ReadonlyMap<string, number> {
  const byName = new Map(selected.map((candidate) => [candidate.name, candidate]));
  const weights = new Map<string, number>();
  for (const { targetCluster, weight } of placement.replicaScheduling?.weightPreference?.staticWeightList ?? []) {
    const matches = clusterMatcher(targetCluster);
    // A list often has a rule for each cluster: whom a rule names need not be looked for among all.
    const names = targetCluster.clusterNames ?? [];
    const named = names.length > 0 ? names.flatMap((name) => byName.get(name) ?? []) : selected;
    for (const { name, cluster } of named) {
      if (matches(cluster.cluster)) weights.set(name, Math.max(weights.get(name) ?? 0, weight));
    }
  }
  return weights.size > 0 ? weights : new Map(selected.map(({ name }) => [name, 1]));
}

export function assignByStaticWeight(selected: readonly Candidate[], scheduling: Scheduling): Assigned {
  const parties = [...weightsOf(selected, scheduling)].map(([name, votes]) => ({ name, votes }));
  return webster(scheduling.replicas, parties, tiesDescend(scheduling));
}
