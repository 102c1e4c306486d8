/** What controllers want to know of a Pod: does it count, is it ready, since when. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import { parseTime } from '#kube/meta/time.ts';

export const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** Counts towards the replicas somebody asked for. */
export const isActive = (pod: Pod): boolean => !isFinished(pod) && !isTerminating(pod);

const readyCondition = ({ status }: Pod) =>
  findCondition(status?.conditions as readonly Condition[] | undefined, 'Ready');

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';

/** Milliseconds since 1970; NaN for a Pod that is not ready. */
export function readySince(pod: Pod): number {
  const condition = readyCondition(pod);
  return condition?.status === 'True' ? parseTime(condition.lastTransitionTime ?? '') : Number.NaN;
}

/** Ready for at least so many seconds. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isReady(pod)) return false;
  return minReadySeconds === 0 || readySince(pod) + minReadySeconds * 1_000 <= now;
}

/** Milliseconds until the next ready Pod becomes available by the mere passing of time; undefined when none will. */
export function nextAvailability(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  if (minReadySeconds === 0) return undefined;
  const waits = pods
    .filter(isReady)
    .map((pod) => readySince(pod) + minReadySeconds * 1_000 - now)
    .filter((wait) => wait > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

/** All its containers' restarts. */
export const restartsOf = ({ status }: Pod): number =>
  Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount ?? 0));
