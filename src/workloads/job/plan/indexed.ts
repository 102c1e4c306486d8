/** Indexes of an indexed Job: done, given up, or to be tried again after a while. Pure. */
import type { Job, Pod } from '#apis/kubernetes/types.ts';
import { hasIndex, type Indexes, readIndexes, withIndexes } from './indexes.ts';
import { failuresBefore, indexOf, isIndexed } from './pod.ts';
import { verdictOn } from './policy.ts';

export interface IndexState {
  readonly completed: Indexes;
  /** Failed more often than backoffLimitPerIndex allows. */
  readonly failed: Indexes;
  /** How often the index has failed, for the Pod that tries it next. */
  readonly failuresOf: (index: number) => number;
}

const none = readIndexes('');

const inRange = ({ spec }: Job, index: number | undefined): index is number =>
  index !== undefined && index < (spec.completions ?? 0);

/** `succeeded` and `failed` are Pods that have ended and are not forgotten yet. */
export function indexState(job: Job, succeeded: readonly Pod[], failed: readonly Pod[]): IndexState {
  if (!isIndexed(job)) return { completed: none, failed: none, failuresOf: () => 0 };
  const done = succeeded.map(indexOf).filter((index) => inRange(job, index));
  const completed = withIndexes(readIndexes(job.status?.completedIndexes), done);
  const failures = new Map<number, number>();
  const givenUp = new Set<number>();
  const limit = job.spec.backoffLimitPerIndex;
  for (const pod of failed) {
    const index = indexOf(pod);
    if (!inRange(job, index)) continue;
    const { action } = verdictOn(job, pod);
    const count = failuresBefore(pod) + (action === 'Ignore' ? 0 : 1);
    failures.set(index, Math.max(failures.get(index) ?? 0, count));
    const isLast = limit !== undefined && (action === 'FailIndex' || count > limit);
    if (isLast && !hasIndex(completed, index)) givenUp.add(index);
  }
  const lost = withIndexes(readIndexes(job.status?.failedIndexes), givenUp);
  return { completed, failed: lost, failuresOf: (index) => failures.get(index) ?? 0 };
}
