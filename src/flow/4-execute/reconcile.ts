/** Step 4: brings a Work to its member, and takes it back. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { reasons } from '#apis/events/reasons.ts';
import { templateUid } from '#apis/names/annotations.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import type { MemberReader } from '#client/member-readers.ts';
import type { MemberTurns } from '#client/member-turns.ts';
import type { Member, Members } from '#client/members.ts';
import { Unsynced } from '#client/unsynced.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import type { Condition, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { applied, dispatching, notApplied, withConditions } from './conditions.ts';
import { endWork } from './end.ts';
import { NotOurs, Retry, type WriteResult, type WriterContext, writeManifest } from './writer.ts';

export interface ExecuteContext extends WriterContext {
  readonly client: ApiClient;
  readonly works: CachedResource<Work>;
  readonly clusters: Informer<Cluster>;
  readonly members: Members;
  readonly reader: (member: Member) => MemberReader;
  readonly turns: MemberTurns;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Since when Works are looked at here, which asking it begins: milliseconds since 1970. */
  readonly started: () => number;
  /** Has a Work looked at again. */
  readonly wake: (key: string) => void;
}

export async function reconcileWork(context: ExecuteContext, key: string): Promise<Result> {
  const { works, clusters, members, turns } = context;
  context.started();
  const work = works.get(key);
  const clusterName = clusterOfExecutionNamespace(work?.metadata.namespace ?? '');
  if (!work || clusterName === undefined) return done;
  const cluster = clusters.get(clusterName);
  const member = members.get(clusterName);
  const ready = isConditionTrue(cluster?.status?.conditions, 'Ready') ? member : undefined;
  if (work.metadata.deletionTimestamp) {
    const end = () => endWork(context, work, cluster, ready);
    return (await turns.take(clusterName, key, end)) ?? done;
  }
  if (work.spec.suspendDispatching) {
    await report(context, work, [dispatching(true)]);
    return done;
  }
  if (!ready) {
    // The cluster's turning Ready brings all its Works back here.
    await report(context, work, [dispatching(false)]);
    return done;
  }
  return (await turns.take(clusterName, key, () => dispatch(context, work, ready))) ?? done;
}

/** How soon a first list that does not come is looked after: by then it has come, or what fails is known. */
const unsyncedMs = 5_000;

interface Outcome {
  readonly manifest: UnstructuredObject;
  readonly result?: WriteResult;
  readonly error?: Error;
}

async function dispatch(context: ExecuteContext, work: Work, member: Member): Promise<Result> {
  const reader = context.reader(member);
  const outcomes: Outcome[] = [];
  for (const [ordinal, manifest] of manifestsOf(work).entries()) {
    try {
      const result = await writeManifest(context, member, reader, { work, manifest, ordinal });
      outcomes.push({ manifest, result });
      if (result.written) announce(context, member, manifest);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      outcomes.push({ manifest, error });
    }
  }
  const failures = outcomes.flatMap(({ error }) => (error ? [error] : []));
  return failures.length === 0
    ? succeeded(context, work, member, outcomes)
    : failed(context, work, member, outcomes, failures);
}

const idOf = ({ metadata }: Work) => `${metadata.namespace}/${metadata.name}`;

async function succeeded(
  context: ExecuteContext,
  work: Work,
  member: Member,
  outcomes: readonly Outcome[],
): Promise<Result> {
  const note = outcomes.find(({ result }) => result?.note)?.result?.note;
  if (await report(context, work, [dispatching(false), applied(note)])) {
    const message = `Sync work(${idOf(work)}) to cluster(${member.name}) successful.`;
    context.events.event(work, 'Normal', reasons.syncSucceed, message);
  }
  const holdBack = Math.max(0, ...outcomes.map(({ result }) => result?.holdBack ?? 0));
  return holdBack > 0 ? requeueAfter(holdBack, note ?? 'somebody keeps changing it back') : done;
}

async function failed(
  context: ExecuteContext,
  work: Work,
  member: Member,
  outcomes: readonly Outcome[],
  failures: readonly Error[],
): Promise<Result> {
  const unsynced = failures.find((failure) => failure instanceof Unsynced);
  if (unsynced) {
    unsynced.whenSynced.then(() => context.wake(keyOf(work)), ignore);
    if (!unsynced.failing && failures.length === 1) return requeueAfter(unsyncedMs, unsynced.message);
  }
  const why = failures.map((failure) => failure.message).join(', ');
  const total = outcomes.length;
  const news = await report(context, work, [dispatching(false), notApplied(total - failures.length, total, why)]);
  if (news) {
    const message = `Failed to sync work(${idOf(work)}) to cluster(${member.name}), err: ${why}`;
    context.events.event(work, 'Warning', reasons.syncFailed, message);
    for (const { manifest, error } of outcomes) if (error) lament(context, member, manifest, error);
  }
  const others = failures.filter((failure) => !(failure instanceof Unsynced) && !(failure instanceof NotOurs));
  // Refused until somebody changes something: the object's end, the Work's change and the first list come by watch.
  if (others.length === 0) return done;
  if (others.every((failure) => failure instanceof Retry)) return requeueAfter(0, why);
  throw others[0]!;
}

/** A connection that is closed keeps nobody waiting: another one brings its Works back. */
const ignore = () => {};

/** The template a manifest was made of, as far as an event needs to know it. */
function templateOf({ apiVersion, kind, metadata }: UnstructuredObject): KubeObject | undefined {
  const uid = metadata.annotations?.[templateUid];
  const { namespace, name } = metadata;
  return uid ? { apiVersion, kind, metadata: { ...(namespace ? { namespace } : {}), name, uid } } : undefined;
}

const subjectOf = ({ metadata }: UnstructuredObject) => keyFor(metadata.namespace, metadata.name!);

function announce({ events }: ExecuteContext, member: Member, manifest: UnstructuredObject): void {
  const template = templateOf(manifest);
  const message = `Successfully applied resource(${subjectOf(manifest)}) to cluster ${member.name}`;
  if (template) events.event(template, 'Normal', reasons.syncSucceed, message);
}

function lament({ events }: ExecuteContext, member: Member, manifest: UnstructuredObject, error: Error): void {
  const template = templateOf(manifest);
  const where = `resource(${subjectOf(manifest)}) in member cluster(${member.name})`;
  if (template)
    events.event(template, 'Warning', reasons.syncFailed, `Failed to create or update ${where}: ${error.message}`);
}

/** True when the status changed. */
async function report(
  { works, clock, events }: ExecuteContext,
  work: Work,
  conditions: readonly Condition[],
): Promise<boolean> {
  const current = works.get(keyOf(work)) ?? work;
  const updated = withConditions(current, conditions, timestamp(clock.now()));
  if (updated === current) return false;
  const began =
    !isConditionTrue(current.status?.conditions, 'Dispatching') &&
    conditions.some((each) => each.type === 'Dispatching' && each.status === 'True');
  await works.updateStatus(updated);
  if (began) events.event(work, 'Normal', reasons.workDispatching, dispatching(false).message!);
  return true;
}
