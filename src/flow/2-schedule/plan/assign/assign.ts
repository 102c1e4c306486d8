/** How many replicas each selected cluster gets (compatibility.md section 4, assign). */
import type { TargetCluster } from '#apis/work/binding-spec.ts';
import type { AffinityTerm, Scheduling } from '../scheduling.ts';
import type { Candidate } from '../score/candidates.ts';
import { isDynamic } from '../strategy.ts';
import { assignDynamically } from './dynamic.ts';
import { assignByStaticWeight } from './static-weight.ts';
import { assignByTier } from './tiers.ts';

/** Name -> replicas. */
export type Assigned = ReadonlyMap<string, number>;

export type Assignment =
  | { readonly replicas: Assigned }
  /** The clusters have not the room. */
  | { readonly shortage: string };

function assignReplicas(selected: readonly Candidate[], scheduling: Scheduling, term: AffinityTerm): Assignment {
  const { strategy, replicas } = scheduling;
  if (strategy === 'Duplicated') return { replicas: new Map(selected.map(({ name }) => [name, replicas])) };
  if (!isDynamic(strategy)) return { replicas: assignByStaticWeight(selected, scheduling) };
  return term.tiers.length > 1 ? assignByTier(selected, scheduling) : assignDynamically(selected, scheduling, replicas);
}

/** By name: what is written must not change with what only the preference of clusters changes with. */
const sorted = (clusters: readonly TargetCluster[]): readonly TargetCluster[] =>
  [...clusters].sort((left, right) => (left.name < right.name ? -1 : 1));

export type Targets = { readonly clusters: readonly TargetCluster[] } | { readonly shortage: string };

/**
 * What has no replicas, or Pods of several kinds, goes whole to every cluster. A share of none is no target, unless
 * empty workloads are wanted; a workload scaled to none and placed whole stays where it is, scaled to none (the
 * reference withdraws it, and with it what was taken over).
 */
export function assign(selected: readonly Candidate[], scheduling: Scheduling, term: AffinityTerm): Targets {
  if (!scheduling.isWorkload) return { clusters: sorted(selected.map(({ name }) => ({ name }))) };
  const assignment = assignReplicas(selected, scheduling, term);
  if ('shortage' in assignment) return assignment;
  const keepsNone = scheduling.input.settings.emptyWorkloads || scheduling.strategy === 'Duplicated';
  const clusters = selected
    .map(({ name }) => ({ name, replicas: assignment.replicas.get(name) ?? 0 }))
    .filter(({ replicas }) => keepsNone || replicas > 0);
  return { clusters: sorted(clusters) };
}
