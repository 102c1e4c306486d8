/** Indexes of an indexed Job: done, given up, or to be tried again after a while. Pure. */
import type { Job, Pod } from '#apis/kubernetes/types.ts';
import { readIndexes } from './indexes.ts';
import { failuresBefore, indexOf, isIndexed } from './pod.ts';
import { verdictOn } from './policy.ts';

export interface IndexState {
  readonly completed: ReadonlySet<number>;
  /** Failed more often than backoffLimitPerIndex allows. */
  readonly failed: ReadonlySet<number>;
  /** How often the index has failed, for the Pod that tries it next. */
  readonly failuresOf: (index: number) => number;
}

const inRange = ({ spec }: Job, index: number | undefined): index is number =>
  index !== undefined && index < (spec.completions ?? 0);

/** `succeeded` and `failed` are Pods that have ended and are not forgotten yet. */
export function indexState(job: Job, succeeded: readonly Pod[], failed: readonly Pod[]): IndexState {
  if (!isIndexed(job)) return { completed: new Set(), failed: new Set(), failuresOf: () => 0 };
  const completed = new Set(readIndexes(job.status?.completedIndexes));
  for (const index of succeeded.map(indexOf)) if (inRange(job, index)) completed.add(index);
  const failures = new Map<number, number>();
  const givenUp = new Set(readIndexes(job.status?.failedIndexes));
  const limit = job.spec.backoffLimitPerIndex;
  for (const pod of failed) {
    const index = indexOf(pod);
    if (!inRange(job, index)) continue;
    const { action } = verdictOn(job, pod);
    const count = failuresBefore(pod) + (action === 'Ignore' ? 0 : 1);
    failures.set(index, Math.max(failures.get(index) ?? 0, count));
    const isLast = limit !== undefined && (action === 'FailIndex' || count > limit);
    if (isLast && !completed.has(index)) givenUp.add(index);
  }
  return { completed, failed: givenUp, failuresOf: (index) => failures.get(index) ?? 0 };
}
