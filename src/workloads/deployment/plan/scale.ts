/** A change of spec.replicas, outside or in the middle of a rollout: shared among the ReplicaSets in use. Pure. */
import type { Deployment, ReplicaSet } from '#apis/kubernetes/types.ts';
import { desiredReplicas, maxReplicas } from '../annotations.ts';
import { replaced, resized, sized } from './resize.ts';
import { oldestFirst } from './revisions.ts';
import { isInUse, isRolling, replicasOf, surgeOf, totalAsked } from './sizes.ts';

const noted = (set: ReplicaSet, annotation: string): number | undefined => {
  const text = set.metadata.annotations?.[annotation];
  const number = Number(text);
  return text !== undefined && Number.isInteger(number) ? number : undefined;
};

/** Some ReplicaSet was last sized for another number of replicas. */
export const isScaled = (deployment: Deployment, sets: readonly ReplicaSet[]): boolean =>
  sets.filter(isInUse).some((set) => {
    const desired = noted(set, desiredReplicas);
    return desired !== undefined && desired !== replicasOf(deployment);
  });

/** The ReplicaSets after the change. `newest` is one of them, or undefined where the rollout has not begun. */
export function scaled(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
): readonly ReplicaSet[] {
  const only = activeOrLatest(sets, newest);
  if (only) return replaced(sets, [sized(deployment, only, replicasOf(deployment))]);
  if (newest && isSaturated(deployment, newest)) {
    const old = sets.filter((set) => set !== newest && isInUse(set));
    return replaced(
      sets,
      old.map((set) => resized(deployment, set, 0)),
    );
  }
  return isRolling(deployment) ? replaced(sets, inProportion(deployment, sets.filter(isInUse))) : sets;
}

/** The only one in use; where none is, the newest or else the youngest. Undefined in the middle of a rollout. */
function activeOrLatest(sets: readonly ReplicaSet[], newest: ReplicaSet | undefined): ReplicaSet | undefined {
  const active = sets.filter(isInUse);
  if (active.length === 0) return newest ?? oldestFirst(sets).at(-1);
  return active.length === 1 ? active[0] : undefined;
}

function isSaturated(deployment: Deployment, newest: ReplicaSet): boolean {
  const replicas = replicasOf(deployment);
  return (
    replicasOf(newest) === replicas &&
    noted(newest, desiredReplicas) === replicas &&
    (newest.status?.availableReplicas ?? 0) === replicas
  );
}

/** Large ones take the larger part; the rest of the division goes to the largest, of equals to the younger when growing. */
function inProportion(deployment: Deployment, active: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const replicas = replicasOf(deployment);
  const allowed = replicas > 0 ? replicas + surgeOf(deployment) : 0;
  const toAdd = allowed - totalAsked(active);
  const byAge = toAdd > 0 ? [...oldestFirst(active)].reverse() : oldestFirst(active);
  const bySize = [...byAge].sort((left, right) => replicasOf(right) - replicasOf(left));
  const shares: number[] = [];
  let added = 0;
  for (const set of bySize) {
    const share = proportionOf(deployment, set, toAdd, added);
    shares.push(share);
    added += share;
  }
  return bySize.map((set, i) => {
    const rest = i === 0 ? toAdd - added : 0;
    return sized(deployment, set, Math.max(0, replicasOf(set) + shares[i]! + rest));
  });
}

function proportionOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const fraction = fractionOf(deployment, set);
  const allowed = toAdd - added;
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
}

/** How much this ReplicaSet would have to change to keep its part of the whole. */
function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  if (replicasOf(deployment) === 0) return -replicasOf(set);
  const before = noted(set, maxReplicas) || deployment.status?.replicas || 0;
  if (before === 0) return 0;
  const after = (replicasOf(set) * (replicasOf(deployment) + surgeOf(deployment))) / before;
  return Math.round(after) - replicasOf(set);
}
