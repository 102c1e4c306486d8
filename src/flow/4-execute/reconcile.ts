/** Step 4: brings a Work to its member, and takes it back. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { reasons } from '#apis/events/reasons.ts';
import { leaving, leavingDeletes } from '#apis/names/annotations.ts';
import { execution } from '#apis/names/finalizers.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import type { Work } from '#apis/work/work.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import type { Member, Members } from '#client/members.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { Condition, UnstructuredObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { applied, dispatching, notApplied, withConditions } from './conditions.ts';
import { takeBack } from './take-back.ts';
import { NotOurs, Retry, type WriterContext, writeManifest } from './writer.ts';

export interface ExecuteContext extends WriterContext {
  readonly works: CachedResource<Work>;
  readonly clusters: Informer<Cluster>;
  readonly members: Members;
  readonly templatesIn: (member: Member) => TemplateReader;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** How soon a member that is not ready is looked at again; its Cluster turning Ready comes first as a rule. */
const notReadyMs = 5_000;

export const manifestsOf = (work: Work): readonly UnstructuredObject[] =>
  (work.spec.workload?.manifests ?? []) as unknown as readonly UnstructuredObject[];

export async function reconcileWork(context: ExecuteContext, key: string): Promise<Result> {
  const { works, clusters, members } = context;
  const work = works.get(key);
  const clusterName = clusterOfExecutionNamespace(work?.metadata.namespace ?? '');
  if (!work || clusterName === undefined) return done;
  const cluster = clusters.get(clusterName);
  if (work.metadata.deletionTimestamp) return endWork(context, work, cluster, members.get(clusterName));
  if (work.spec.suspendDispatching) {
    await report(context, work, [dispatching(true)]);
    return done;
  }
  const member = members.get(clusterName);
  if (!cluster || !member || !isConditionTrue(cluster.status?.conditions, 'Ready')) {
    await report(context, work, [dispatching(false)]);
    return requeueAfter(notReadyMs, `cluster(${clusterName}) not ready`);
  }
  return dispatch(context, work, member);
}

async function dispatch(context: ExecuteContext, work: Work, member: Member): Promise<Result> {
  const { events } = context;
  const manifests = manifestsOf(work);
  const templates = context.templatesIn(member);
  let successes = 0;
  let note: string | undefined;
  let holdBack = 0;
  const failures: Error[] = [];
  for (const manifest of manifests) {
    try {
      const result = await writeManifest(context, member, templates, work, manifest);
      successes++;
      note ??= result.note;
      holdBack = Math.max(holdBack, result.holdBack ?? 0);
      if (result.written) {
        const subject = keyFor(manifest.metadata.namespace, manifest.metadata.name!);
        events.event(
          result.object,
          'Normal',
          reasons.syncSucceed,
          `Successfully applied resource(${subject}) to cluster ${member.name}`,
        );
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures.push(error);
    }
  }
  const id = `${work.metadata.namespace}/${work.metadata.name}`;
  if (failures.length === 0) {
    if (await report(context, work, [dispatching(false), applied(note)])) {
      events.event(work, 'Normal', reasons.syncSucceed, `Sync work(${id}) to cluster(${member.name}) successful.`);
    }
    return holdBack > 0 ? requeueAfter(holdBack, note ?? 'somebody keeps changing it back') : done;
  }
  const why = failures.map((failure) => failure.message).join(', ');
  await report(context, work, [dispatching(false), notApplied(successes, manifests.length, why)]);
  events.event(
    work,
    'Warning',
    reasons.syncFailed,
    `Failed to sync work(${id}) to cluster(${member.name}), err: ${why}`,
  );
  // Refused for good until somebody changes something: the object's end and the Work's change both come by watch.
  if (failures.every((failure) => failure instanceof NotOurs)) return done;
  if (failures.every((failure) => failure instanceof Retry)) return requeueAfter(0, why);
  throw failures.find((failure) => !(failure instanceof NotOurs)) ?? failures[0]!;
}

/** True when the status changed. */
async function report(
  { works, clock, events }: ExecuteContext,
  work: Work,
  conditions: readonly Condition[],
): Promise<boolean> {
  const current = works.get(keyFor(work.metadata.namespace, work.metadata.name!)) ?? work;
  const updated = withConditions(current, conditions, timestamp(clock.now()));
  if (updated === current) return false;
  const began =
    !isConditionTrue(current.status?.conditions, 'Dispatching') &&
    conditions.some((each) => each.type === 'Dispatching' && each.status === 'True');
  await works.updateStatus(updated);
  if (began) events.event(work, 'Normal', reasons.workDispatching, dispatching(false).message!);
  return true;
}

/** A cluster that leaves keeps what runs in it, unless whoever sent it away said otherwise. */
const mayDeleteOnLeaving = (cluster: Cluster | undefined): boolean =>
  cluster?.metadata.annotations?.[leaving] === leavingDeletes;

/** The object is let go or deleted; a member that is gone for good keeps nobody waiting. */
async function endWork(
  context: ExecuteContext,
  work: Work,
  cluster: Cluster | undefined,
  member: Member | undefined,
): Promise<Result> {
  if (!work.metadata.finalizers?.includes(execution)) return done;
  const ready = member !== undefined && isConditionTrue(cluster?.status?.conditions, 'Ready');
  const gone = cluster === undefined || Boolean(cluster.metadata.deletionTimestamp);
  if (!ready && !gone)
    return requeueAfter(notReadyMs, `cluster(${clusterOfExecutionNamespace(work.metadata.namespace!)}) not ready`);
  // The flag decides over the workload's life: as the API server has it now.
  const live = await context.works.live.get({ namespace: work.metadata.namespace, name: work.metadata.name! });
  if (ready) {
    const preserve = live.spec.preserveResourcesOnDeletion === true || (gone && !mayDeleteOnLeaving(cluster));
    for (const manifest of manifestsOf(live))
      await takeBack(context, context.templatesIn(member), live, manifest, preserve);
  }
  context.reverts.forget(work);
  const finalizers = live.metadata.finalizers?.filter((each) => each !== execution);
  await context.works.update({ ...live, metadata: { ...live.metadata, finalizers } });
  return done;
}
