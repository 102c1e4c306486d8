/** What a ReplicaSet needs now: how many Pods more, which Pods less, and what its status says. Pure. */
import type { Pod, ReplicaSet, ReplicaSetStatus } from '#apis/kubernetes/types.ts';
import { podsToDelete } from '../pod-ranking.ts';
import { isActive, isAvailable, isFinished, isReady, isTerminating } from '../pod-state.ts';
import { withFailure } from './conditions.ts';

export interface ReplicaSetView {
  readonly set: ReplicaSet;
  /** All that it controls, finished and terminating ones too. */
  readonly pods: readonly Pod[];
  /** Being deleted, or asked to be. */
  readonly isGoing: (pod: Pod) => boolean;
  /** Pods of the same application, for the choice of those to delete; asked for only then. */
  readonly related: () => readonly Pod[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ReplicaSetPlan {
  readonly create: number;
  readonly delete: readonly Pod[];
}

const replicasOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 1;

/** Pods made at a time, as kube-controller-manager: the rest follows with the next look. */
const burst = 500;

export function planReplicaSet({ set, pods, isGoing, related, now }: ReplicaSetView): ReplicaSetPlan {
  if (set.metadata.deletionTimestamp !== undefined) return { create: 0, delete: [] };
  const active = pods.filter((pod) => isActive(pod) && !isGoing(pod));
  const missing = replicasOf(set) - active.length;
  if (missing >= 0) return { create: Math.min(missing, burst), delete: [] };
  return { create: 0, delete: podsToDelete(active, related(), Math.min(-missing, burst), now) };
}

export interface Counted {
  readonly set: ReplicaSet;
  readonly pods: readonly Pod[];
  /** What kept Pods from being made or deleted just now. */
  readonly error?: Error;
  readonly now: number;
}

/** Pods are still to come or to become available; none has been lost, and nothing is known to be in their way. */
export function isUnderWay(set: ReplicaSet, { availableReplicas = 0, conditions = [] }: ReplicaSetStatus): boolean {
  if (set.metadata.deletionTimestamp !== undefined || conditions.length > 0) return false;
  return availableReplicas < replicasOf(set) && availableReplicas >= (set.status?.availableReplicas ?? 0);
}

/** Zeros are left out, as the API leaves them. */
export function replicaSetStatus({ set, pods, error, now }: Counted): ReplicaSetStatus {
  const { template, minReadySeconds = 0 } = set.spec;
  const wanted = Object.entries(template?.metadata?.labels ?? {});
  const active = pods.filter(isActive);
  const numbers = {
    observedGeneration: set.metadata.generation ?? 0,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => isAvailable(pod, minReadySeconds, now)).length,
    fullyLabeledReplicas: active.filter(({ metadata }) =>
      wanted.every(([label, value]) => metadata.labels?.[label] === value),
    ).length,
  };
  const tooFew = active.length < replicasOf(set);
  const conditions = withFailure(set.status?.conditions ?? [], error, tooFew, now);
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== 0)),
    replicas: active.length,
    terminatingReplicas: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}
