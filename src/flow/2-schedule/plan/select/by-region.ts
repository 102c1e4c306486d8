/** So many regions, and in them so many clusters: the regions first, then the best of each, then whoever is preferred. */

import type { Scheduling } from '../scheduling.ts';
import { type Candidate, roomFor } from '../score/candidates.ts';
import { isDivided } from '../strategy.ts';
import { type Group, selectGroups } from './groups.ts';
import type { Selection, SpreadConstraint } from './select.ts';

/** What became of a region. */
export interface RegionChoice {
  readonly region: string;
  readonly score: number;
  readonly clusters: readonly string[];
  readonly selected: boolean;
}

/** The scores of clusters are 0 to 100 each; what a region can hold counts before them. */
const weightUnit = 1000;

const average = (scores: readonly number[]) =>
  scores.length === 0 ? 0 : Math.floor(scores.reduce((sum, score) => sum + score, 0) / scores.length);

/** Placed whole: how many clusters hold all replicas, then how good those are. */
function wholeScore(clusters: readonly Candidate[], scheduling: Scheduling): number {
  const holding = clusters.filter((each) => roomFor(each, scheduling) >= scheduling.replicas);
  return holding.length * weightUnit + average(holding.map(({ score }) => score));
}

/** Divided: how much of a region's even share fits into its best clusters, then how good those are. */
function dividedScore(clusters: readonly Candidate[], regions: number, scheduling: Scheduling): number {
  const share = Math.ceil(scheduling.replicas / Math.max(1, regions));
  let room = 0;
  let taken = 0;
  while (taken < clusters.length && (taken === 0 || room < share)) room += roomFor(clusters[taken++]!, scheduling);
  return Math.min(share, room) * weightUnit + average(clusters.slice(0, taken).map(({ score }) => score));
}

function regionsOf(
  preferred: readonly Candidate[],
  minGroups: number,
  scheduling: Scheduling,
): readonly (Group & { readonly clusters: readonly Candidate[] })[] {
  const clusters = Map.groupBy(preferred, ({ cluster }) => cluster.cluster.spec.region ?? '');
  // Without the SpreadConstraint plugin there may be clusters without a region: they are in none.
  clusters.delete('');
  return [...clusters].map(([name, members]) => ({
    name,
    clusters: members,
    value: members.length,
    weight: isDivided(scheduling.placement)
      ? dividedScore(members, minGroups, scheduling)
      : wholeScore(members, scheduling),
  }));
}

export function selectByRegion(
  preferred: readonly Candidate[],
  region: SpreadConstraint,
  cluster: SpreadConstraint,
  scheduling: Scheduling,
): Selection {
  const { minGroups = 0, maxGroups = 0 } = region;
  const found = regionsOf(preferred, minGroups, scheduling);
  const enough = found.length >= minGroups;
  const chosen = enough ? selectGroups(found, minGroups, maxGroups, cluster.minGroups ?? 0) : [];
  const names = new Set(chosen.map(({ name }) => name));
  const regions = found.map(({ name, weight, clusters }) => ({
    region: name,
    score: weight,
    clusters: clusters.map((each) => each.name),
    selected: names.has(name),
  }));
  if (!enough) return { failure: 'the number of feasible region is less than spreadConstraint.MinGroups', regions };
  if (chosen.length === 0) {
    return { failure: 'the number of clusters is less than the cluster spreadConstraint.MinGroups', regions };
  }
  const best = chosen.map(({ clusters }) => clusters[0]!);
  const taken = new Set(best);
  const inRegions = new Set(chosen.flatMap(({ clusters }) => clusters));
  const others = preferred.filter((each) => inRegions.has(each) && !taken.has(each));
  const more = Math.max(0, Math.min(inRegions.size, cluster.maxGroups ?? 0) - best.length);
  return { selected: [...best, ...others.slice(0, more)], regions };
}
