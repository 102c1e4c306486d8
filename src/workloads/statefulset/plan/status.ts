/** The status of a StatefulSet from its Pods. Pure. */
import type { Pod, StatefulSet, StatefulSetStatus } from '#apis/kubernetes/types.ts';
import { isAvailable, isReady, isTerminating } from '../../pod-state.ts';
import { revisionOfPod } from './identity.ts';

export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);

export interface Revisions {
  /** Name of the revision most Pods have had, and of the one they are to have. */
  readonly current: string;
  readonly update: string;
  readonly collisions: number;
}

/** Zeros are left out where the API leaves them. */
export function statefulSetStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update, collisions }: Revisions,
  now: number,
): StatefulSetStatus {
  const wanted = set.spec.replicas ?? 1;
  const staying = pods.filter((pod) => !isTerminating(pod));
  const withRevision = (name: string) => staying.filter((pod) => revisionOfPod(pod) === name).length;
  const ready = pods.filter(isRunningAndReady);
  const available = ready.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length;
  const updated = withRevision(update);
  const isOver = updated === wanted && ready.length === wanted && pods.length === wanted && isRolling(set);
  const numbers = {
    observedGeneration: set.metadata.generation ?? 0,
    readyReplicas: ready.length,
    currentReplicas: isOver ? updated : withRevision(current),
    updatedReplicas: updated,
  };
  const { conditions } = set.status ?? {};
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== 0)),
    replicas: pods.length,
    availableReplicas: available,
    currentRevision: isOver ? update : current,
    updateRevision: update,
    collisionCount: collisions,
    ...(conditions ? { conditions } : {}),
  };
}

export const isRolling = ({ spec }: StatefulSet): boolean => spec.updateStrategy?.type !== 'OnDelete';
