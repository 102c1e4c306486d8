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
  /** Whether sets of components are counted, rather than replicas. */
  readonly inSets: boolean;
  /** False: the binding does not say what a replica needs, and Pods alone are counted. */
  readonly stated: boolean;
}

/** A Pod takes a Pod's place, whatever else it asks for. */
const podRequest = (request: Parameters<typeof requestedAmounts>[0]): Amounts =>
  new Map(requestedAmounts(request)).set('pods', 1);

export function replicaDemand({ replicaRequirements }: BindingSpec): Demand {
  const request = podRequest(replicaRequirements?.resourceRequest);
  return { set: [{ replicas: 1, request }], inSets: false, stated: replicaRequirements !== undefined };
}

export function componentDemand({ components = [] }: BindingSpec): Demand {
  const set = components.map(({ replicas, replicaRequirements }) => ({
    replicas,
    request: podRequest(replicaRequirements?.resourceRequest),
  }));
  return { set, inSets: true, stated: true };
}

const assumedSets = (assumed: readonly AssumedReplicas[]): readonly PodSet[] =>
  assumed.map(({ replicas, requirements }) => ({ replicas, request: podRequest(requirements?.resourceRequest) }));

/** What all of a set takes together. */
function total(set: readonly PodSet[]): Amounts {
  const sum = new Map<string, number>();
  for (const { replicas, request } of set) {
    for (const [resource, amount] of request) sum.set(resource, (sum.get(resource) ?? 0) + amount * replicas);
  }
  return sum;
}

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

/** Of the summary and, where there are models and `useModels`, of the nodes they stand for: the least. */
function fitting({ pods, free, nodes }: Room, { set, inSets, stated }: Demand, useModels: boolean): number {
  if (pods <= 0) return 0;
  const needed = total(set);
  if ((needed.get('pods') ?? 0) <= 0 || !stated) return pods;
  const bySummary = timesFit(new Map(free).set('pods', pods), needed);
  if (!useModels || nodes.length === 0) return bySummary;
  if (inSets) return setsOn(nodes, set, bySummary);
  return Math.min(pods, replicasOn(nodes, set[0]!.request));
}

/** The room that is left once what was placed lately is there. */
function afterAssumed(room: Room, assumed: readonly AssumedReplicas[]): Room {
  const sets = assumedSets(assumed);
  const taken = total(sets);
  return {
    pods: room.pods - (taken.get('pods') ?? 0),
    free: without(room.free, taken, 1),
    nodes: placeSet(room.nodes, sets).nodes,
  };
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
