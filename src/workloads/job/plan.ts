/** What a Job needs now: Pods to make, to stop, to release, and what its status says. Pure. */
import type { Job, JobStatus, Pod } from '#apis/kubernetes/types.ts';
import { parseTime } from '#kube/meta/time.ts';
import { timestamp } from '#world/clock/clock.ts';
import { podsToDelete } from '../pod-ranking.ts';
import { restartsOf } from '../pod-state.ts';
import { finalNews, type News, news, targetOf, withEnd, withSuspension, withTarget } from './conditions.ts';
import { backoffMs } from './plan/backoff.ts';
import { type Count, countPods } from './plan/count.ts';
import { writeIndexes } from './plan/indexes.ts';
import { indexOf, isIndexed } from './plan/pod.ts';

export interface JobView {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly isGoing: (pod: Pod) => boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface JobPlan {
  /** One Pod each; the index where the Job is indexed. */
  readonly create: readonly (number | undefined)[];
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
  const wait = wanted > count.active.length ? backoffMs(pods, now) : 0;
  const create = mayRun && wait === 0 ? missing(job, count, wanted - (count.active.length - surplus.length)) : [];
  const isQuiet = count.active.length === 0 && count.terminating === 0 && count.toRelease.length === 0;
  const ended = target && isQuiet ? finalNews(target as News) : undefined;
  const rechecks = [wait, untilDeadline(job, now)].filter((ms) => ms !== undefined && ms > 0) as number[];
  return {
    create,
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
  const restarts = job.spec.template.spec.restartPolicy === 'OnFailure' ? restartsIn(pods) : 0;
  if (count.failed > backoffLimit || (backoffLimit > 0 ? restarts >= backoffLimit : restarts > 0))
    return news.backoffLimit;
  if (untilDeadline(job, now) === 0) return news.deadline;
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

function wantedActive({ spec }: Job, { succeeded, active }: Count): number {
  const parallelism = spec.parallelism ?? 1;
  if (spec.completions === undefined) return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
  return Math.min(parallelism, Math.max(0, spec.completions - succeeded));
}

/** Pods beyond the wanted number, and those that work on an index another one works on, too. */
function surplusPods(job: Job, { active, completedIndexes }: Count, wanted: number, now: number): readonly Pod[] {
  if (!isIndexed(job)) return podsToDelete(active, active, Math.max(0, active.length - wanted), now);
  const seen = new Set<number>();
  const useless = active.filter((pod) => {
    const index = indexOf(pod);
    const isNeeded =
      index !== undefined && index < (job.spec.completions ?? 0) && !seen.has(index) && !completedIndexes.has(index);
    if (index !== undefined) seen.add(index);
    return !isNeeded;
  });
  const useful = active.filter((pod) => !useless.includes(pod));
  return [...useless, ...podsToDelete(useful, useful, Math.max(0, useful.length - wanted), now)];
}

/** Pods made at a time, as kube-controller-manager. */
const burst = 500;

function missing(job: Job, { active, completedIndexes }: Count, count: number): readonly (number | undefined)[] {
  const length = Math.min(Math.max(0, count), burst);
  if (!isIndexed(job)) return Array.from({ length }, () => undefined);
  const taken = new Set([...completedIndexes, ...active.map(indexOf)]);
  const free: number[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && free.length < length; index++) {
    if (!taken.has(index)) free.push(index);
  }
  return free;
}

/** Zeros are left out, as the API leaves them. */
function statusOf({ job, now }: JobView, count: Count, target: News | undefined, ended: JobPlan['ended']): JobStatus {
  const before = job.status ?? {};
  const suspension = withSuspension(before.conditions ?? [], isSuspended(job), now);
  const aimed = withTarget(suspension, target, now);
  const conditions = ended ? withEnd(aimed, ended, now) : aimed;
  const { succeeded, failed } = count.counted;
  const startTime = isSuspended(job) && !ended ? undefined : (before.startTime ?? timestamp(now));
  const indexes = writeIndexes(count.completedIndexes);
  return {
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(startTime ? { startTime } : {}),
    ...(ended?.isSuccess ? { completionTime: timestamp(now) } : {}),
    ...(count.active.length > 0 ? { active: count.active.length } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    ...(indexes ? { completedIndexes: indexes } : {}),
    ready: count.ready,
    terminating: count.terminating,
    uncountedTerminatedPods: count.uncounted,
  };
}
