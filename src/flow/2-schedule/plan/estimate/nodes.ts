/** Placing Pods on nodes, first come first fit; nodes with the same room left are one group. */
import { type Amounts, timesFit, without } from './amounts.ts';

export interface NodeGroup {
  readonly count: number;
  /** What each of them has left, Pods among it. */
  readonly free: Amounts;
}

export interface PodSet {
  readonly replicas: number;
  /** What one replica takes, a Pod among it. */
  readonly request: Amounts;
}

/** How many replicas the nodes hold. */
export const replicasOn = (nodes: readonly NodeGroup[], request: Amounts): number =>
  nodes.reduce((sum, { count, free }) => sum + count * timesFit(free, request), 0);

interface Placed {
  readonly nodes: readonly NodeGroup[];
  /** Replicas that found no node. */
  readonly left: number;
}

function placeReplicas(nodes: readonly NodeGroup[], { replicas, request }: PodSet): Placed {
  let left = replicas;
  const after: NodeGroup[] = [];
  for (const group of nodes) {
    const each = left > 0 ? timesFit(group.free, request) : 0;
    if (each === 0) {
      after.push(group);
      continue;
    }
    const full = Math.min(group.count, Math.floor(left / each));
    const rest = full < group.count ? left - full * each : 0;
    const untouched = group.count - full - (rest > 0 ? 1 : 0);
    if (full > 0) after.push({ count: full, free: without(group.free, request, each) });
    if (rest > 0) after.push({ count: 1, free: without(group.free, request, rest) });
    if (untouched > 0) after.push({ count: untouched, free: group.free });
    left -= full * each + rest;
  }
  return { nodes: after, left };
}

/** One set of Pods of several kinds; what it does not find room for stays unplaced. */
export function placeSet(nodes: readonly NodeGroup[], set: readonly PodSet[]): Placed {
  let placed: Placed = { nodes, left: 0 };
  for (const pods of set) {
    const next = placeReplicas(placed.nodes, pods);
    placed = { nodes: next.nodes, left: placed.left + next.left };
  }
  return placed;
}
