/** What a CronJob needs now: a Job to start, Jobs to end, Jobs to forget, and its status. Pure. */
import type { CronJob, CronJobStatus, Job, ObjectReference } from '#apis/kubernetes/types.ts';
import { controllerReferenceTo } from '#kube/meta/owner.ts';
import { parseTime } from '#kube/meta/time.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { Schedule } from './schedule.ts';

export interface CronJobView {
  readonly cronJob: CronJob;
  /** All that it controls. */
  readonly jobs: readonly Job[];
  readonly schedule: Schedule;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface CronJobPlan {
  readonly create?: Job;
  /** Replaced by the new one. */
  readonly replace: readonly Job[];
  /** Beyond the history limits. */
  readonly forget: readonly Job[];
  readonly status: CronJobStatus;
  /** Jobs of which the status says for the first time that they have ended: `Complete` or `Failed`. */
  readonly ended: readonly { readonly name: string; readonly condition: string }[];
  /** Its time has come, but the one before still runs. */
  readonly skipped?: true;
  readonly recheckMs?: number;
}

const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

const endOf = ({ status }: Job): string | undefined =>
  status?.conditions?.find(({ type, status: value }) => value === 'True' && (type === 'Complete' || type === 'Failed'))
    ?.type;

/** Times missed that are looked through; of more only the latest counts, as it does of fewer. */
const mostMissed = 1_000;

/** The latest time that has come since the last start, not longer ago than the starting deadline. */
function dueTime({ cronJob, schedule, now }: CronJobView): number | undefined {
  const { status, spec, metadata } = cronJob;
  const since = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '');
  const deadline = spec.startingDeadlineSeconds;
  const from = deadline === undefined ? since : Math.max(since, now - deadline * 1_000);
  let due: number | undefined;
  let next = schedule.next(from);
  for (let i = 0; next !== undefined && next <= now && i < mostMissed; i++) {
    due = next;
    next = schedule.next(next);
  }
  return due;
}

function jobFor(cronJob: CronJob, at: number): Job {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
      annotations: { ...metadata?.annotations, [scheduledAt]: timestamp(at) },
      name: `${cronJob.metadata.name}-${Math.floor(at / 60_000)}`,
      namespace: cronJob.metadata.namespace!,
      ownerReferences: [controllerReferenceTo(cronJob)],
    },
    spec,
  };
}

const referenceTo = ({ apiVersion, kind, metadata }: Job): ObjectReference => ({
  apiVersion,
  kind,
  name: metadata.name!,
  namespace: metadata.namespace!,
  resourceVersion: metadata.resourceVersion!,
  uid: metadata.uid!,
});

export function planCronJob(view: CronJobView): CronJobPlan {
  const { cronJob, jobs, schedule, now } = view;
  const { spec, metadata, status: before = {} } = cronJob;
  const active = jobs.filter((job) => !endOf(job));
  const known = new Map((before.active ?? []).map((reference) => [reference.uid, reference]));
  const ended = jobs
    .filter(({ metadata: { uid } }) => known.has(uid))
    .flatMap((job) => (endOf(job) ? [{ name: job.metadata.name!, condition: endOf(job)! }] : []));
  const base = {
    replace: [],
    forget: forgotten(view),
    ended,
    status: statusWith(
      before,
      jobs,
      active.map((job) => known.get(job.metadata.uid) ?? referenceTo(job)),
    ),
  };
  if (metadata.deletionTimestamp !== undefined || spec.suspend === true) return base;
  const due = dueTime(view);
  const next = schedule.next(now);
  const recheck = next === undefined ? {} : { recheckMs: next - now };
  if (due === undefined) return { ...base, ...recheck };
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) return { ...base, ...recheck, skipped: true };
  const replace = spec.concurrencyPolicy === 'Replace' ? active : [];
  const status = { ...base.status, lastScheduleTime: timestamp(due) };
  return { ...base, ...recheck, create: jobFor(cronJob, due), replace, status };
}

function statusWith(before: CronJobStatus, jobs: readonly Job[], active: readonly ObjectReference[]): CronJobStatus {
  const completions = jobs.flatMap(({ status }) => (status?.completionTime ? [status.completionTime] : []));
  const last = [...completions, ...(before.lastSuccessfulTime ? [before.lastSuccessfulTime] : [])].sort().at(-1);
  return {
    ...(active.length > 0 ? { active } : {}),
    ...(before.lastScheduleTime ? { lastScheduleTime: before.lastScheduleTime } : {}),
    ...(last ? { lastSuccessfulTime: last } : {}),
  };
}

/** Of those that ended well and those that did not, the oldest beyond what is to be kept of each. */
function forgotten({ cronJob, jobs }: CronJobView): readonly Job[] {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
  const surplus = (condition: string, limit: number) => {
    const ended = jobs
      .filter((job) => endOf(job) === condition && job.metadata.deletionTimestamp === undefined)
      .sort((left, right) => ((left.status?.startTime ?? '') < (right.status?.startTime ?? '') ? -1 : 1));
    return ended.slice(0, Math.max(0, ended.length - limit));
  };
  return [...surplus('Complete', successfulJobsHistoryLimit), ...surplus('Failed', failedJobsHistoryLimit)];
}
