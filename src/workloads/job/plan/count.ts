/**
 * How many Pods of a Job have ended, each counted once: first its uid is noted in the status, then its finalizer goes,
 * then the number in the status is raised and the note removed. Killed between any two, nothing is lost. Pure.
 */
import type { Job, Pod, UncountedTerminatedPods } from '#apis/kubernetes/types.ts';
import { isFinished, isReady, isTerminating } from '../../pod-state.ts';
import { type IndexState, indexState } from './indexed.ts';
import { isIndexed, isTracked } from './pod.ts';
import { verdictOn } from './policy.ts';

export interface Count {
  /** Run and will go on to. */
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** Terminating, and to be gone before anybody takes their place. */
  readonly awaited: number;
  /** Noted or counted. */
  readonly succeeded: number;
  readonly failed: number;
  /** As the status shall have them. */
  readonly counted: { readonly succeeded: number; readonly failed: number };
  readonly uncounted: UncountedTerminatedPods;
  /** Noted, or not to be counted: their finalizer may go once the status is written. */
  readonly toRelease: readonly Pod[];
  readonly indexes: IndexState;
  /** Why the failure of one Pod is the failure of the Job. */
  readonly fatal?: string;
}

/** With the default replacement policy a Pod that is being deleted counts as failed at once. */
const replacesTerminating = ({ spec }: Job): boolean => spec.podReplacementPolicy !== 'Failed';

function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return isTerminating(pod) && pod.status?.phase !== 'Succeeded' && replacesTerminating(job);
}

export function countPods(job: Job, pods: readonly Pod[], isGoing: (pod: Pod) => boolean): Count {
  const { status = {} } = job;
  const succeededPods = pods.filter((pod) => pod.status?.phase === 'Succeeded');
  const failedPods = pods.filter((pod) => hasFailed(job, pod));
  const fresh = [...succeededPods, ...failedPods].filter(isTracked);
  const isNoted = (pod: Pod) => isTracked(pod) && verdictOn(job, pod).action !== 'Ignore';
  const indexes = indexState(job, succeededPods, failedPods);
  const succeeded = folded(
    status.succeeded,
    status.uncountedTerminatedPods?.succeeded,
    succeededPods.filter(isTracked),
  );
  const failed = folded(status.failed, status.uncountedTerminatedPods?.failed, failedPods.filter(isNoted));
  const running = pods.filter((pod) => !isFinished(pod));
  const completed = isIndexed(job) ? indexes.completed.size : undefined;
  const fatal = failedPods.map((pod) => verdictOn(job, pod)).find(({ action }) => action === 'FailJob')?.message;
  const terminating = running.filter(isTerminating).length;
  return {
    active: running.filter((pod) => !isGoing(pod)),
    ready: running.filter((pod) => !isGoing(pod) && isReady(pod)).length,
    terminating,
    awaited: replacesTerminating(job) ? 0 : terminating,
    succeeded: completed ?? succeeded.counted + succeeded.noted.length,
    failed: failed.counted + failed.noted.length,
    counted: { succeeded: completed ?? succeeded.counted, failed: failed.counted },
    uncounted: {
      ...(succeeded.noted.length > 0 ? { succeeded: succeeded.noted } : {}),
      ...(failed.noted.length > 0 ? { failed: failed.noted } : {}),
    },
    toRelease: fresh,
    indexes,
    ...(fatal ? { fatal } : {}),
  };
}

/** Notes whose Pods have lost their finalizer become numbers; Pods that have just ended become notes. */
function folded(before: number | undefined, noted: readonly string[] | undefined, ended: readonly Pod[]) {
  const uids = ended.map(({ metadata }) => metadata.uid!);
  const waiting = new Set(uids);
  const settled = (noted ?? []).filter((uid) => !waiting.has(uid));
  return { counted: (before ?? 0) + settled.length, noted: uids };
}
