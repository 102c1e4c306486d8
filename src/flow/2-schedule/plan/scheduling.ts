/** One scheduling in the making: what its parts all look at, worked out once. */
import { type ClusterMatcher, clusterMatcher } from '#apis/cluster/affinity.ts';
import type { ClusterAffinity } from '#apis/meta/selectors.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { type Capacity, capacities } from './estimate/capacity.ts';
import type { FleetCluster } from './fleet.ts';
import type { SchedulingInput } from './input.ts';
import { isRescheduleAsked, isWorkload, type Strategy, strategyOf } from './strategy.ts';

export interface Scheduling {
  readonly input: SchedulingInput;
  readonly spec: BindingSpec;
  readonly placement: Placement;
  readonly strategy: Strategy;
  /** Its replicas are given to clusters; otherwise it goes whole to all that are selected. */
  readonly isWorkload: boolean;
  /** Replicas wanted. */
  readonly replicas: number;
  /** What is placed now does not count. */
  readonly isFresh: boolean;
  /** The clusters it is placed on, with their replicas. */
  readonly held: ReadonlyMap<string, number>;
  /** More that a cluster takes, in replicas or in sets of components. */
  readonly capacity: Capacity;
}

export function schedulingOf(input: SchedulingInput, capacity: Capacity = capacities(input)): Scheduling {
  const { spec, status } = input;
  const placement = spec.placement ?? {};
  return {
    input,
    spec,
    placement,
    strategy: strategyOf(placement),
    isWorkload: isWorkload(spec),
    replicas: spec.replicas ?? 0,
    isFresh: isRescheduleAsked(spec, status),
    held: new Map((spec.clusters ?? []).map(({ name, replicas = 0 }) => [name, replicas])),
    capacity,
  };
}

/** One affinity the binding may be served by: the only one, or one of an ordered list. */
export interface AffinityTerm {
  /** Undefined for the only one. */
  readonly name?: string;
  /** Of the term itself first, then of its overflow groups in their order. */
  readonly tiers: readonly ClusterMatcher[];
}

const termOf = (
  affinity: ClusterAffinity | undefined,
  overflow: readonly ClusterAffinity[],
  name?: string,
): AffinityTerm => ({ tiers: [affinity, ...overflow].map(clusterMatcher), ...(name === undefined ? {} : { name }) });

/**
 * The terms to be tried, in their order: from the one in use on, an earlier one is never gone back to. Only what has
 * replicas overflows.
 */
export function termsOf({ input: { status }, placement, isWorkload: overflows }: Scheduling): readonly AffinityTerm[] {
  const terms = placement.clusterAffinities ?? [];
  if (terms.length === 0) return [termOf(placement.clusterAffinity, [])];
  const current = terms.findIndex(({ affinityName }) => affinityName === status?.schedulerObservingAffinityName);
  return terms
    .slice(Math.max(0, current))
    .map((term) => termOf(term, overflows ? (term.overflowAffinities ?? []) : [], term.affinityName));
}

/** The first tier the cluster is in; -1 for none. */
export const tierOf = ({ tiers }: AffinityTerm, { cluster }: FleetCluster): number =>
  tiers.findIndex((matches) => matches(cluster));
