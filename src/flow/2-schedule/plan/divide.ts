/** Division of replicas by static weights: Webster's method, ties as the reference breaks them. */

import { clusterMatches } from '#apis/cluster/affinity.ts';
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { ReplicaScheduling } from '#apis/policy/placement.ts';
import type { TargetCluster } from '#apis/work/binding-spec.ts';
import { fnv1a32 } from '#kube/names/hash.ts';

interface Party {
  readonly name: string;
  readonly votes: number;
  seats: number;
}

/**
 * The party the next seat goes to: the largest votes / (2 seats + 1); then fewer seats; then the name, ascending
 * or, when `descending`, the other way round.
 */
function next(parties: readonly Party[], descending: boolean): Party {
  return parties.reduce((best, party) => {
    // Cross-multiplied, so that equal quotients are equal.
    const difference = party.votes * (2 * best.seats + 1) - best.votes * (2 * party.seats + 1);
    if (difference !== 0) return difference > 0 ? party : best;
    if (party.seats !== best.seats) return party.seats < best.seats ? party : best;
    return party.name < best.name !== descending ? party : best;
  });
}

/** Seats dealt one by one; parties without votes get none. */
function webster(seats: number, votes: ReadonlyMap<string, number>, descending: boolean): ReadonlyMap<string, number> {
  const parties = [...votes]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ({ name, votes: count, seats: 0 }));
  if (parties.length > 0) for (let dealt = 0; dealt < seats; dealt++) next(parties, descending).seats++;
  return new Map(parties.map((party) => [party.name, party.seats]));
}

/** The largest weight of the rules that match a cluster; clusters no rule names weigh nothing, unless none is named. */
function weights(clusters: readonly Cluster[], scheduling: ReplicaScheduling): ReadonlyMap<string, number> {
  const rules = scheduling.weightPreference?.staticWeightList ?? [];
  const found = new Map(
    clusters.map((cluster) => [
      cluster.metadata.name!,
      rules.reduce(
        (most, rule) => (clusterMatches(cluster, rule.targetCluster) ? Math.max(most, rule.weight) : most),
        0,
      ),
    ]),
  );
  const none = [...found.values()].every((weight) => weight === 0);
  return none ? new Map([...found.keys()].map((name) => [name, 1])) : found;
}

/** `uid` is the template's: its hash decides which way equal claims fall, so that ties spread over templates. */
export function divideByWeight(
  clusters: readonly Cluster[],
  replicas: number,
  scheduling: ReplicaScheduling,
  uid: string,
): readonly TargetCluster[] {
  const seats = webster(replicas, weights(clusters, scheduling), fnv1a32(uid) % 2 === 1);
  return clusters
    .map((cluster) => ({ name: cluster.metadata.name!, replicas: seats.get(cluster.metadata.name!) ?? 0 }))
    .filter((target) => target.replicas > 0);
}
