/** What a Job needs now: Pods to make, to stop, to release, and what its status says. Pure. */
import type { Job, JobStatus, Pod } from '#apis/kubernetes/types.ts';
import { parseTime } from '#kube/meta/time.ts';
import { timestamp } from '#world/clock/clock.ts';
import { podsToDelete } from '../pod-ranking.ts';
import { restartsOf } from '../pod-state.ts';
import {
  fatalNews,
  finalNews,
  type News,
  news,
  successRuleNews,
  targetOf,
  withEnd,
  withSuspension,
  withTarget,
} from './conditions.ts';
import { backoffMs } from './plan/backoff.ts';
import { type Count, countPods } from './plan/count.ts';
import { bothOf, hasIndex, nextWithout, withIndexes, writeIndexes } from './plan/indexes.ts';
import { indexOf, isIndexed, type Task } from './plan/pod.ts';
import { successRuleMet } from './plan/policy.ts';

export interface JobView {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly isGoing: (pod: Pod) => boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface JobPlan {
  /** One Pod each. */
  readonly create: readonly Task[];
  readonly delete: readonly Pod[];
  /** Those deleted are not failures: there were too many, or the Job is suspended. */
  readonly spares: boolean;
  /** Written first: it says which Pods are counted. */
  readonly status: JobStatus;
  /** Their finalizer may go when the status is written. */
  readonly release: readonly Pod[];
  readonly ended?: News & { readonly isSuccess: boolean };
  readonly recheckMs?: number;
}

const isSuspended = ({ spec }: Job): boolean => spec.suspend === true;

/** For a Job that has not ended. */
export function planJob(view: JobView): JobPlan {
  const { job, pods, isGoing, now } = view;
  const count = countPods(job, pods, isGoing);
  const target = targetOf(job) ?? targetNow(job, pods, count, now);
  const mayRun = !target && !isSuspended(job);
  const wanted = mayRun ? wantedActive(job, count) : 0;
  const surplus = surplusPods(job, count, wanted, now);
  const room = wanted - (count.active.length - surplus.length) - count.awaited;
  const { tasks, wait } = mayRun && room > 0 ? nextTasks(view, count, room) : { tasks: [], wait: 0 };
  const isQuiet = count.active.length === 0 && count.terminating === 0 && count.toRelease.length === 0;
  const ended = target && isQuiet ? finalNews(target as News) : undefined;
  const rechecks = [wait, untilDeadline(job, now)].filter((ms) => ms !== undefined && ms > 0) as number[];
  return {
    create: tasks,
    delete: surplus,
    spares: !target,
    status: statusOf(view, count, target as News | undefined, ended),
    release: count.toRelease,
    ...(ended ? { ended } : {}),
    ...(rechecks.length > 0 && !ended ? { recheckMs: Math.min(...rechecks) } : {}),
  };
}

/** Why it is to end now, if it is. */
function targetNow(job: Job, pods: readonly Pod[], count: Count, now: number): News | undefined {
  const { completions, backoffLimit = 6 } = job.spec;
  const { indexes } = count;
  const restarts = job.spec.template.spec.restartPolicy === 'OnFailure' ? restartsIn(pods) : 0;
  if (count.fatal) return fatalNews(count.fatal);
  if (count.failed > backoffLimit || (backoffLimit > 0 ? restarts >= backoffLimit : restarts > 0))
    return news.backoffLimit;
  if (untilDeadline(job, now) === 0) return news.deadline;
  if (indexes.failed.size > (job.spec.maxFailedIndexes ?? Number.POSITIVE_INFINITY)) return news.maxFailedIndexes;
  const rule = successRuleMet(job, indexes.completed);
  if (rule !== undefined) return successRuleNews(rule);
  if (indexes.failed.size > 0 && indexes.completed.size + indexes.failed.size >= (completions ?? 0))
    return news.failedIndexes;
  const isComplete =
    completions === undefined ? count.succeeded > 0 && count.active.length === 0 : count.succeeded >= completions;
  return isComplete && !isSuspended(job) ? news.completed : undefined;
}

const restartsIn = (pods: readonly Pod[]): number =>
  pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .reduce((sum, pod) => sum + restartsOf(pod), 0);

/** Milliseconds until it has been active for too long; undefined when it may be for ever. */
function untilDeadline(job: Job, now: number): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  if (activeDeadlineSeconds === undefined || isSuspended(job)) return undefined;
  const start = job.status?.startTime ? parseTime(job.status.startTime) : now;
  return Math.max(0, start + activeDeadlineSeconds * 1_000 - now);
}

function wantedActive({ spec }: Job, { succeeded, active, indexes }: Count): number {
  const parallelism = spec.parallelism ?? 1;
  if (spec.completions === undefined) return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
  return Math.min(parallelism, Math.max(0, spec.completions - succeeded - indexes.failed.size));
}

/** Pods beyond the wanted number, and those that work on an index another one works on, too. */
function surplusPods(job: Job, { active, indexes }: Count, wanted: number, now: number): readonly Pod[] {
  if (!isIndexed(job)) return podsToDelete(active, active, Math.max(0, active.length - wanted), now);
  const seen = new Set<number>();
  const useless = active.filter((pod) => {
    const index = indexOf(pod);
    const isNeeded =
      index !== undefined &&
      index < (job.spec.completions ?? 0) &&
      !seen.has(index) &&
      !hasIndex(indexes.completed, index);
    if (index !== undefined) seen.add(index);
    return !isNeeded;
  });
  const useful = active.filter((pod) => !useless.includes(pod));
  return [...useless, ...podsToDelete(useful, useful, Math.max(0, useful.length - wanted), now)];
}

/** Pods made at a time, as kube-controller-manager. */
const burst = 500;

interface Tasks {
  readonly tasks: readonly Task[];
  /** Milliseconds until more may be made after failures; 0 when nothing waits. */
  readonly wait: number;
}

/** Failures slow the whole Job down, or each index by itself where failures are limited for each. */
function nextTasks({ job, pods, now }: JobView, { active, indexes }: Count, room: number): Tasks {
  const length = Math.min(room, burst);
  const isPerIndex = job.spec.backoffLimitPerIndex !== undefined;
  const wait = isPerIndex ? 0 : backoffMs(pods, now);
  if (wait > 0) return { tasks: [], wait };
  if (!isIndexed(job)) return { tasks: Array.from({ length }, () => ({})), wait };
  const working = active.map(indexOf).filter((index) => index !== undefined);
  const taken = withIndexes(bothOf(indexes.completed, indexes.failed), working);
  const free = (index: number) => nextWithout(taken, index);
  const tasks: Task[] = [];
  const waits: number[] = [];
  for (let index = free(0); index < (job.spec.completions ?? 0) && tasks.length < length; index = free(index + 1)) {
    const failures = isPerIndex ? indexes.failuresOf(index) : undefined;
    const ms = failures
      ? backoffMs(
          pods.filter((pod) => indexOf(pod) === index),
          now,
        )
      : 0;
    if (ms > 0) waits.push(ms);
    else tasks.push({ index, ...(failures === undefined ? {} : { failures }) });
  }
  return { tasks, wait: waits.length > 0 ? Math.min(...waits) : 0 };
}

/** Zeros are left out, as the API leaves them. */
function statusOf({ job, now }: JobView, count: Count, target: News | undefined, ended: JobPlan['ended']): JobStatus {
  const before = job.status ?? {};
  const suspension = withSuspension(before.conditions ?? [], isSuspended(job), now);
  const aimed = withTarget(suspension, target, now);
  const conditions = ended ? withEnd(aimed, ended, now) : aimed;
  const { succeeded, failed } = count.counted;
  const startTime = isSuspended(job) && !ended ? undefined : (before.startTime ?? timestamp(now));
  const completed = writeIndexes(count.indexes.completed);
  const givenUp = job.spec.backoffLimitPerIndex === undefined ? undefined : writeIndexes(count.indexes.failed);
  return {
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(startTime ? { startTime } : {}),
    ...(ended?.isSuccess ? { completionTime: timestamp(now) } : {}),
    ...(count.active.length > 0 ? { active: count.active.length } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    ...(completed ? { completedIndexes: completed } : {}),
    ...(givenUp === undefined ? {} : { failedIndexes: givenUp }),
    ready: count.ready,
    terminating: count.terminating,
    uncountedTerminatedPods: count.uncounted,
  };
}
