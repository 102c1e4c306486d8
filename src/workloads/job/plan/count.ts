/**
 * How many Pods of a Job have ended, each counted once: first its uid is noted in the status, then its finalizer goes,
 * then the number in the status is raised and the note removed. Killed between any two, nothing is lost. Pure.
 */
import type { Job, Pod, UncountedTerminatedPods } from '#apis/kubernetes/types.ts';
import { isFinished, isReady, isTerminating } from '../../pod-state.ts';
import { readIndexes } from './indexes.ts';
import { indexOf, isIndexed, isTracked } from './pod.ts';

export interface Count {
  /** Run and will go on to. */
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** Noted or counted. */
  readonly succeeded: number;
  readonly failed: number;
  /** As the status shall have them. */
  readonly counted: { readonly succeeded: number; readonly failed: number };
  readonly uncounted: UncountedTerminatedPods;
  /** Noted: their finalizer may go once the status is written. */
  readonly toRelease: readonly Pod[];
  readonly completedIndexes: ReadonlySet<number>;
}

/** With the default replacement policy a Pod that is being deleted counts as failed at once. */
const replacesTerminating = ({ spec }: Job): boolean => spec.podReplacementPolicy !== 'Failed';

function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return isTerminating(pod) && pod.status?.phase !== 'Succeeded' && replacesTerminating(job);
}

export function countPods(job: Job, pods: readonly Pod[], isGoing: (pod: Pod) => boolean): Count {
  const { status = {} } = job;
  const tracked = pods.filter(isTracked);
  const succeededPods = tracked.filter((pod) => pod.status?.phase === 'Succeeded');
  const failedPods = tracked.filter((pod) => hasFailed(job, pod));
  const completedIndexes = withCompleted(job, succeededPods);
  const succeeded = folded(status.succeeded, status.uncountedTerminatedPods?.succeeded, succeededPods);
  const failed = folded(status.failed, status.uncountedTerminatedPods?.failed, failedPods);
  const active = pods.filter(
    (pod) => !isFinished(pod) && (!isGoing(pod) || (!replacesTerminating(job) && isTerminating(pod))),
  );
  const isCompleted = isIndexed(job) ? completedIndexes.size : undefined;
  return {
    active: active.filter((pod) => !isGoing(pod)),
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    succeeded: isCompleted ?? succeeded.counted + succeeded.noted.length,
    failed: failed.counted + failed.noted.length,
    counted: { succeeded: isCompleted ?? succeeded.counted, failed: failed.counted },
    uncounted: {
      ...(succeeded.noted.length > 0 ? { succeeded: succeeded.noted } : {}),
      ...(failed.noted.length > 0 ? { failed: failed.noted } : {}),
    },
    toRelease: [...succeededPods, ...failedPods],
    completedIndexes,
  };
}

/** Notes whose Pods have lost their finalizer become numbers; Pods that have just ended become notes. */
function folded(before: number | undefined, noted: readonly string[] | undefined, ended: readonly Pod[]) {
  const uids = ended.map(({ metadata }) => metadata.uid!);
  const waiting = new Set(uids);
  const settled = (noted ?? []).filter((uid) => !waiting.has(uid));
  return { counted: (before ?? 0) + settled.length, noted: uids };
}

function withCompleted(job: Job, succeeded: readonly Pod[]): ReadonlySet<number> {
  if (!isIndexed(job)) return new Set();
  const limit = job.spec.completions ?? 0;
  const indexes = succeeded.map(indexOf).filter((index) => index !== undefined && index < limit);
  return new Set([...readIndexes(job.status?.completedIndexes), ...(indexes as number[])]);
}
