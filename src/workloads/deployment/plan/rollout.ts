/** From the old ReplicaSets to the new one: step by step within the limits, or all at once. Pure. */
import type { Deployment, ReplicaSet } from '#apis/kubernetes/types.ts';
import { replaced, resized } from './resize.ts';
import { oldestFirst } from './revisions.ts';
import { isInUse, isRolling, replicasOf, surgeOf, totalAsked, totalReported, unavailableOf } from './sizes.ts';

/** The size of the newest ReplicaSet after this step; `others` are all besides it. */
export function newestSize(deployment: Deployment, newest: number, others: readonly ReplicaSet[]): number {
  const wanted = replicasOf(deployment);
  if (!isRolling(deployment) || newest >= wanted) return wanted;
  const room = wanted + surgeOf(deployment) - (totalAsked(others) + newest);
  return room <= 0 ? newest : newest + Math.min(room, wanted - newest);
}

/** One step of a rolling update: the newest grows as far as the surge allows, the old shrink as far as availability does. */
export function rolled(deployment: Deployment, sets: readonly ReplicaSet[], newest: ReplicaSet): readonly ReplicaSet[] {
  const others = sets.filter((set) => set !== newest);
  const grown = resized(deployment, newest, newestSize(deployment, replicasOf(newest), others));
  const old = shrunk(deployment, others, grown);
  return replaced(sets, [grown, ...old]);
}

function shrunk(deployment: Deployment, old: readonly ReplicaSet[], newest: ReplicaSet): readonly ReplicaSet[] {
  if (totalAsked(old) === 0) return old;
  const least = replicasOf(deployment) - unavailableOf(deployment);
  const missing = replicasOf(newest) - (newest.status?.availableReplicas ?? 0);
  const removable = totalAsked(old) + replicasOf(newest) - least - missing;
  if (removable <= 0) return old;
  // Pods that do not work are no loss: they go first.
  const healthy = takeAway(deployment, old, removable, (set) => replicasOf(set) - (set.status?.availableReplicas ?? 0));
  const spare = totalReported([...old, newest], 'availableReplicas') - least;
  return takeAway(deployment, healthy, spare, replicasOf);
}

/** Takes up to `count` replicas from the oldest on, of each no more than `from` says. */
function takeAway(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  count: number,
  from: (set: ReplicaSet) => number,
): readonly ReplicaSet[] {
  let left = Math.max(0, count);
  return oldestFirst(sets).map((set) => {
    const taken = Math.max(0, Math.min(left, from(set), replicasOf(set)));
    left -= taken;
    return resized(deployment, set, replicasOf(set) - taken);
  });
}

/** Recreate, the first half: nothing of the old may run when the new begins. */
export function emptied(deployment: Deployment, sets: readonly ReplicaSet[], newest: ReplicaSet | undefined) {
  const old = sets.filter((set) => set !== newest && isInUse(set));
  return replaced(
    sets,
    old.map((set) => resized(deployment, set, 0)),
  );
}
