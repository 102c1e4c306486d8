/** A Job: counts what has ended, makes and stops Pods, and ends itself. */
import type { Job, Pod } from '#apis/kubernetes/types.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { parseTime } from '#kube/meta/time.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { claimed, controlledBy } from '../ownership.ts';
import { forEachPod, isNamespaceGoing, type PodControl } from '../pod-control.ts';
import { eventReasons } from '../reasons.ts';
import { fieldManager } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { endOf } from './conditions.ts';
import { isTracked, jobPod, trackingFinalizer } from './plan/pod.ts';
import { type JobPlan, planJob } from './plan.ts';

export interface JobContext {
  readonly jobs: CachedResource<Job>;
  readonly control: PodControl;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
}

export async function reconcileJob(context: JobContext, key: string): Promise<Result> {
  const { jobs, control, clock } = context;
  const job = jobs.get(key);
  // Another controller's Jobs say so.
  if (!job || (job.spec.managedBy && job.spec.managedBy !== 'kubernetes.io/job-controller')) return done;
  const pods = await claimed(control.pods, jobs, job, selectorOf(job.spec.selector));
  if (job.metadata.deletionTimestamp !== undefined || endOf(job)) {
    await forEachPod(clock, pods, (pod) => release(context, pod));
    return job.metadata.deletionTimestamp === undefined ? expire(context, job) : done;
  }
  const plan = planJob({ job, pods, isGoing: control.isGoing, now: clock.now() });
  const current = await writeStatus(context, job, plan);
  await forEachPod(clock, plan.release, (pod) => release(context, pod));
  await forEachPod(clock, plan.delete, async (pod) => {
    if (plan.spares) await release(context, pod);
    await control.delete(job, pod);
  });
  await create(context, job, plan);
  if (plan.create.length + plan.delete.length > 0) await writeActive(context, current);
  tell(context, job, plan);
  return plan.recheckMs === undefined ? done : requeueAfter(plan.recheckMs, 'a deadline or a back-off');
}

async function create({ control, clock, random }: JobContext, job: Job, plan: JobPlan): Promise<void> {
  try {
    await forEachPod(clock, plan.create, (task) => control.create(job, jobPod(job, task, random)));
  } catch (error) {
    if (!isNamespaceGoing(error)) throw error;
  }
}

async function writeStatus({ jobs }: JobContext, job: Job, { status }: JobPlan): Promise<Job> {
  return deepEqual(status, job.status) ? job : jobs.updateStatus({ ...job, status });
}

/** What was just made is active, what was just stopped is not. */
async function writeActive({ jobs, control, clock }: JobContext, job: Job): Promise<void> {
  const pods = controlledBy(control.pods.informer, job);
  const { status } = planJob({ job, pods, isGoing: control.isGoing, now: clock.now() });
  const now = { ...job.status, active: status.active, ready: status.ready, terminating: status.terminating };
  const { active, ...rest } = now;
  const next = active ? { ...rest, active } : rest;
  if (!deepEqual(next, job.status)) await jobs.updateStatus({ ...job, status: next });
}

function tell({ events }: JobContext, job: Job, { ended, status }: JobPlan): void {
  if (ended) {
    if (ended.isSuccess) events.event(job, 'Normal', eventReasons.completed, 'Job completed');
    else events.event(job, 'Warning', ended.reason!, ended.message!);
  }
  const suspension = status.conditions?.find(({ type }) => type === 'Suspended');
  const before = job.status?.conditions?.find(({ type }) => type === 'Suspended');
  if (suspension && suspension.status !== before?.status) {
    const isSuspended = suspension.status === 'True';
    events.event(job, 'Normal', isSuspended ? eventReasons.suspended : eventReasons.resumed, suspension.message!);
  }
}

/** A merge patch of the whole list, on the state that was seen. */
async function release({ control }: JobContext, pod: Pod): Promise<void> {
  if (!isTracked(pod)) return;
  const rest = (pod.metadata.finalizers ?? []).filter((each) => each !== trackingFinalizer);
  const { uid, resourceVersion } = pod.metadata;
  const metadata = { uid: uid!, resourceVersion: resourceVersion!, finalizers: rest.length > 0 ? rest : null };
  try {
    const released = await control.pods.live.patch(nameOf(pod), 'merge', { metadata }, { fieldManager });
    control.pods.informer.observe(released);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

/** Deletes a Job that has ended, and its Pods first, when its time to live is over. */
async function expire({ jobs, clock }: JobContext, job: Job): Promise<Result> {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return done;
  const wait = parseTime(endOf(job)?.lastTransitionTime ?? '') + ttlSecondsAfterFinished * 1_000 - clock.now();
  if (wait > 0) return requeueAfter(wait, 'the Job is kept for its time to live');
  await jobs.delete(job, { propagationPolicy: 'Foreground' });
  return done;
}

/** A Pod that was left by a Job that is gone: nobody will count it any more. */
export async function releaseOrphan(context: JobContext, key: string): Promise<Result> {
  const { jobs, control } = context;
  const pod = control.pods.get(key);
  const owner = pod && controllerOf(pod);
  if (!pod || !isTracked(pod)) return done;
  if (owner) {
    const name = { namespace: pod.metadata.namespace!, name: owner.name };
    const job = await jobs.live.get(name).catch((error: unknown) => {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    });
    if (job?.metadata.uid === owner.uid) return done;
  }
  await release(context, pod);
  return done;
}
