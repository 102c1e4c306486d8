/** CronJobs: their Jobs started when their time comes, ended ones forgotten. */

import { type CronJob, CronJobs, type Job, Jobs } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { gathering } from '#runtime/gather.ts';
import { type Controller, done, type Result, requeueAfter, terminal } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { WorkloadOptions } from '../options.ts';
import { controlledBy, indexByController } from '../ownership.ts';
import { isNamespaceGoing } from '../pod-control.ts';
import { components, eventReasons } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { priorityOf, wakeOwners } from '../wake.ts';
import { type CronJobPlan, planCronJob } from './plan.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

const workers = 4;

interface CronJobContext {
  readonly cronJobs: CachedResource<CronJob>;
  readonly jobs: CachedResource<Job>;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

export function cronJobController(options: WorkloadOptions): Controller {
  const { clock } = options;
  const cronJobs = managedResource(options, CronJobs);
  const jobs = managedResource(options, Jobs);
  const context: CronJobContext = { cronJobs, jobs, events: options.events(components.cronJob), clock };
  return {
    name: 'cronjob',
    workers,
    setUp: (enqueue) => {
      indexByController(jobs.informer);
      cronJobs.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(keyOf(change.object), priorityOf(change));
      });
      wakeOwners({
        dependents: jobs.informer,
        owners: cronJobs.informer,
        selector: () => selectorOf(undefined),
        enqueue: gathering(clock, enqueue),
      });
    },
    reconcile: (key) => reconcileCronJob(context, key),
  };
}

async function reconcileCronJob(context: CronJobContext, key: string): Promise<Result> {
  const { cronJobs, jobs, events, clock } = context;
  const cronJob = cronJobs.get(key);
  if (!cronJob) return done;
  const schedule = scheduleOf(cronJob);
  if (schedule instanceof RangeError) {
    const text = `unparseable schedule: ${JSON.stringify(cronJob.spec.schedule)} : ${schedule.message}`;
    events.event(cronJob, 'Warning', eventReasons.unparseableSchedule, text);
    return terminal(text);
  }
  const plan = planCronJob({ cronJob, jobs: controlledBy(jobs.informer, cronJob), schedule, now: clock.now() });
  for (const job of [...plan.forget, ...plan.replace]) {
    await jobs.delete(job, { propagationPolicy: 'Background' });
    events.event(cronJob, 'Normal', eventReasons.successfulDelete, `Deleted job ${job.metadata.name}`);
  }
  await start(context, cronJob, plan);
  if (!deepEqual(plan.status, cronJob.status ?? {})) await cronJobs.updateStatus({ ...cronJob, status: plan.status });
  tell(context, cronJob, plan);
  return plan.recheckMs === undefined ? done : requeueAfter(plan.recheckMs, 'the next time of the schedule');
}

function scheduleOf({ spec }: CronJob): Schedule | RangeError {
  try {
    return parseSchedule(spec.schedule, spec.timeZone);
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}

/** The name says the time: what was started before a crash is found, not started again. */
async function start({ jobs, events }: CronJobContext, cronJob: CronJob, { create }: CronJobPlan): Promise<void> {
  if (!create) return;
  try {
    await jobs.create(create);
    events.event(cronJob, 'Normal', eventReasons.successfulCreate, `Created job ${create.metadata.name}`);
  } catch (error) {
    if (isReason(error, 'AlreadyExists') || isNamespaceGoing(error)) return;
    const why = error instanceof Error ? error.message : String(error);
    events.event(cronJob, 'Warning', eventReasons.failedCreate, `Error creating job: ${why}`);
    throw error;
  }
}

function tell({ events }: CronJobContext, cronJob: CronJob, { ended, skipped }: CronJobPlan): void {
  for (const { name, condition } of ended) {
    events.event(
      cronJob,
      'Normal',
      eventReasons.sawCompletedJob,
      `Saw completed job: ${name}, condition: ${condition}`,
    );
  }
  if (skipped) {
    const text = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    events.event(cronJob, 'Normal', eventReasons.jobAlreadyActive, text);
  }
}
