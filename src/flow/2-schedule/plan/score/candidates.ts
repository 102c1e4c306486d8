/** Clusters that passed the filters, with what speaks for each, and the order they are preferred in. */
import { countsSets } from '../estimate/capacity.ts';
import type { FleetCluster } from '../fleet.ts';
import { enabledPlugins } from '../plugins.ts';
import { type AffinityTerm, type Scheduling, tierOf } from '../scheduling.ts';
import type { PluginName } from '../settings.ts';

export interface Candidate {
  readonly cluster: FleetCluster;
  readonly name: string;
  readonly score: number;
  /** 0: of the term itself; higher: of its overflow groups, in their order. */
  readonly tier: number;
}

export function candidatesOf(
  fit: readonly FleetCluster[],
  scheduling: Scheduling,
  term: AffinityTerm,
): readonly Candidate[] {
  const measure = scheduling.input.meter?.plugin;
  const scores = enabledPlugins(scheduling.input.settings).flatMap(({ name, score }) => {
    const prepared = score?.(scheduling);
    if (!prepared) return [];
    return [measure ? (cluster: FleetCluster) => measure(name, 'Score', () => prepared(cluster)) : prepared];
  });
  return fit.map((cluster) => {
    let sum = 0;
    for (const score of scores) sum += score(cluster);
    // Without the ClusterAffinity plugin a cluster may be in no tier at all.
    const tier = term.tiers.length > 1 ? Math.max(0, tierOf(term, cluster)) : 0;
    return { cluster, name: cluster.name, score: sum, tier };
  });
}

export interface PluginScore {
  readonly plugin: PluginName;
  readonly score: number;
}

export const scoresOf = (cluster: FleetCluster, scheduling: Scheduling): readonly PluginScore[] =>
  enabledPlugins(scheduling.input.settings).flatMap(({ name, score }) =>
    score ? [{ plugin: name, score: score(scheduling)(cluster) }] : [],
  );

/**
 * All a candidate could hold: what it holds, and what it has room for. Where sets of components are counted it holds
 * one, though its target has no number: without it a full cluster would lose what fills it.
 */
export function roomFor({ cluster, name }: Candidate, { input, capacity, held }: Scheduling): number {
  const holds = countsSets(input) ? Number(held.has(name)) : (held.get(name) ?? 0);
  return capacity(cluster) + holds;
}

/** Earlier tier, higher score, more room; then by name. */
export function byPreference(candidates: readonly Candidate[], scheduling: Scheduling): readonly Candidate[] {
  const rooms = new Map(candidates.map((candidate) => [candidate, roomFor(candidate, scheduling)]));
  return [...candidates].sort(
    (left, right) =>
      left.tier - right.tier ||
      right.score - left.score ||
      rooms.get(right)! - rooms.get(left)! ||
      (left.name < right.name ? -1 : 1),
  );
}
