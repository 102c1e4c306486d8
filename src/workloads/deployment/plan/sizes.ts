/** How many Pods a Deployment may have above and below its replicas, and what its ReplicaSets add up to. Pure. */
import type { Deployment, ReplicaSet } from '#apis/kubernetes/types.ts';
import { scaledValue } from '../../percent.ts';

export const replicasOf = ({ spec }: Deployment | ReplicaSet): number => spec.replicas ?? 1;

export const isRolling = ({ spec }: Deployment): boolean =>
  (spec.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';

/** Both limits; never both 0, or nothing could ever be replaced. */
function fences(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const replicas = replicasOf(deployment);
  const surge = scaledValue(maxSurge, replicas, 'up');
  const unavailable = scaledValue(maxUnavailable, replicas, 'down');
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

/** Pods above the replicas while rolling. */
export const surgeOf = (deployment: Deployment): number => (isRolling(deployment) ? fences(deployment).surge : 0);

/** Pods that may be missing while rolling. */
export function unavailableOf(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  return isRolling(deployment) && replicas > 0 ? Math.min(fences(deployment).unavailable, replicas) : 0;
}

type Count = 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** What is asked of the ReplicaSets. */
export const totalAsked = (sets: readonly ReplicaSet[]): number => sum(sets.map(replicasOf));

/** What the ReplicaSets report. */
export const totalReported = (sets: readonly ReplicaSet[], count: Count): number =>
  sum(sets.map(({ status }) => status?.[count] ?? 0));

export const isInUse = (set: ReplicaSet): boolean => replicasOf(set) > 0;
