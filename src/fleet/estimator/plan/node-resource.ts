/** NodeResourceEstimator: what fits on the nodes that are there (pkg/estimator/server/.../noderesource). Pure. */
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import { type Component, unlimited } from '../service.ts';
import { packing } from './packing.ts';
import { type NodeRoom, needOf, timesIn } from './room.ts';

/** Each node by itself, added up: what is left over on two nodes is no place for a Pod. */
export function replicasOnNodes(rooms: readonly NodeRoom[], requirements: ReplicaRequirements | undefined): number {
  const need = needOf(requirements);
  let replicas = 0;
  for (const { node, free, places } of rooms) {
    if (places > 0 && need.runsOn(node)) replicas += timesIn(free, places, need.amounts);
  }
  return Math.min(replicas, unlimited);
}

/** One set after the other, each component first fit. */
export function setsOnNodes(rooms: readonly NodeRoom[], components: readonly Component[]): number {
  const wanted = components
    .filter(({ replicas }) => replicas > 0)
    .map(({ replicas, replicaRequirements }) => ({ replicas, need: needOf(replicaRequirements) }));
  if (wanted.length === 0) return unlimited;
  const nodes = packing(rooms);
  // Ends: every set takes at least one place.
  for (let sets = 0; ; sets++) {
    if (wanted.some(({ need, replicas }) => nodes.place(need, replicas) < replicas)) return sets;
  }
}
