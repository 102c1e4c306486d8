/**
 * Which candidates are taken: all of them, or as many as the spread constraints allow (compatibility.md section 4,
 * group and select). Clusters can be selected by cluster and by region; provider and zone only keep out who has none.
 */
import type { Placement } from '#apis/policy/placement.ts';
import { countsSets } from '../estimate/capacity.ts';
import type { Scheduling } from '../scheduling.ts';
import { byPreference, type Candidate } from '../score/candidates.ts';
import { isDivided } from '../strategy.ts';
import { selectByCluster } from './by-cluster.ts';
import { type RegionChoice, selectByRegion } from './by-region.ts';

export type SpreadConstraint = NonNullable<Placement['spreadConstraints']>[number];

export type Selection =
  | { readonly selected: readonly Candidate[]; readonly regions?: readonly RegionChoice[] }
  /** Why not as many as asked for can be taken. */
  | { readonly failure: string; readonly regions?: readonly RegionChoice[] };

/** Static weights say where replicas go: constraints beside them are not looked at. */
function ignoresConstraints(placement: Placement): boolean {
  const { replicaDivisionPreference = 'Weighted', weightPreference } = placement.replicaScheduling ?? {};
  if (!isDivided(placement) || replicaDivisionPreference !== 'Weighted') return false;
  if (!weightPreference) return true;
  return (weightPreference.staticWeightList ?? []).length > 0 && !weightPreference.dynamicWeight;
}

/** What the selected must have room for together; undefined: room does not count, as all of it goes everywhere. */
function neededRoom({ input, placement, replicas }: Scheduling): number | undefined {
  if (!isDivided(placement)) return undefined;
  return countsSets(input) ? 1 : replicas;
}

export function select(candidates: readonly Candidate[], scheduling: Scheduling): Selection {
  const { placement } = scheduling;
  const constraints = placement.spreadConstraints ?? [];
  if (constraints.length === 0 || ignoresConstraints(placement)) return { selected: candidates };
  const by = new Map<string | undefined, SpreadConstraint>(constraints.map((each) => [each.spreadByField, each]));
  const region = by.get('region');
  const cluster = by.get('cluster');
  const preferred = byPreference(candidates, scheduling);
  if (region) return selectByRegion(preferred, region, cluster ?? {}, scheduling);
  if (cluster) return selectByCluster(preferred, cluster, neededRoom(scheduling), scheduling);
  return { failure: 'just support cluster and region spread constraint' };
}
