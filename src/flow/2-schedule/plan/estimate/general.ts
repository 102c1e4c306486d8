/**
 * The general estimator: how many replicas, or sets of components, a cluster has room for by what it reports of
 * itself (compatibility.md section 4, estimators).
 */
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { FleetCluster } from '../fleet.ts';
import type { AssumedReplicas } from '../input.ts';
import { type Amounts, requestedAmounts, timesFit, without } from './amounts.ts';
import { type NodeGroup, type PodSet, placeSet, replicasOn } from './nodes.ts';
import type { Room } from './room.ts';

/** What is asked of every cluster, worked out once for a binding. */
export interface Demand {
  /** One set: a single replica, or all components' replicas. */
  readonly set: readonly PodSet[];
  /** What all of it takes together, Pods among it. */
  readonly needed: Amounts;
  /** Whether sets of components are counted, rather than replicas. */
  readonly inSets: boolean;
  /** False: the binding does not say what a replica needs, and Pods alone are counted. */
  readonly stated: boolean;
}

/** A Pod takes a Pod's place, whatever else it asks for. */
const podRequest = (request: Parameters<typeof requestedAmounts>[0]): Amounts =>
  new Map(requestedAmounts(request)).set('pods', 1);

/** What all of a set takes together. */
function total(set: readonly PodSet[]): Amounts {
  const sum = new Map<string, number>();
  for (const { replicas, request } of set) {
    for (const [resource, amount] of request) sum.set(resource, (sum.get(resource) ?? 0) + amount * replicas);
  }
  return sum;
}

export function replicaDemand({ replicaRequirements }: BindingSpec): Demand {
  const request = podRequest(replicaRequirements?.resourceRequest);
  const set = [{ replicas: 1, request }];
  return { set, needed: request, inSets: false, stated: replicaRequirements !== undefined };
}

export function componentDemand({ components = [] }: BindingSpec): Demand {
  const set = components.map(({ replicas, replicaRequirements }) => ({
    replicas,
    request: podRequest(replicaRequirements?.resourceRequest),
  }));
  return { set, needed: total(set), inSets: true, stated: true };
}

const assumedSets = (assumed: readonly AssumedReplicas[]): readonly PodSet[] =>
  assumed.map(({ replicas, requirements }) => ({ replicas, request: podRequest(requirements?.resourceRequest) }));

/** Beyond so many sets that surely fit on the nodes their summary decides: one set has to be placed, not hundreds. */
const mostSetsPlaced = 20;

/** Sets that fit on the nodes one after the other, up to `most`. */
function setsOn(nodes: readonly NodeGroup[], set: readonly PodSet[], most: number): number {
  let left = nodes;
  for (let sets = 0; sets < Math.min(most, mostSetsPlaced); sets++) {
    const placed = placeSet(left, set);
    if (placed.left > 0) return sets;
    left = placed.nodes;
  }
  return most;
}

/**
 * By the summary, or by the nodes that models stand for, if `useModels` and the cluster has any. Sets of components
 * must fit by both.
 */
function fitting({ free, nodes }: Room, { set, needed, inSets, stated }: Demand, useModels: boolean): number {
  const pods = Math.max(0, free.get('pods') ?? 0);
  if (pods === 0 || !stated || !((needed.get('pods') ?? 0) > 0)) return pods;
  if (!useModels || !nodes) return timesFit(free, needed);
  return inSets ? setsOn(nodes, set, timesFit(free, needed)) : Math.min(pods, replicasOn(nodes, needed));
}

/** The room that is left once what was placed lately is there. */
function afterAssumed({ free, nodes }: Room, assumed: readonly AssumedReplicas[]): Room {
  const sets = assumedSets(assumed);
  return { free: without(free, total(sets), 1), nodes: nodes && placeSet(nodes, sets).nodes };
}

/** Replicas or sets; 0 for a cluster that reports no resources. */
export function estimateGenerally(
  cluster: FleetCluster,
  demand: Demand,
  assumed: readonly AssumedReplicas[] | undefined,
  useModels: boolean,
): number {
  const room = cluster.room();
  if (!room) return 0;
  return fitting(assumed && assumed.length > 0 ? afterAssumed(room, assumed) : room, demand, useModels);
}
