/** Step 5: collects what a member's objects say of themselves into the status of their Work. */
import { reasons } from '#apis/events/reasons.ts';
import { managed, managedValue } from '#apis/names/labels.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import type { CachedResource } from '#client/cached.ts';
import type { MemberReader } from '#client/member-readers.ts';
import type { Member, Members } from '#client/members.ts';
import { Unsynced } from '#client/unsynced.ts';
import type { Health, Interpreter } from '#interpreter/interpreter.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Patience } from '#runtime/patience.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { isBehind, isUnderWay, type Observation, withObservations } from './plan.ts';

export interface ObserveContext {
  readonly works: CachedResource<Work>;
  readonly members: Members;
  readonly reader: (member: Member) => MemberReader;
  /** Has a Work looked at again. */
  readonly wake: (key: string) => void;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  /** The binding a Work is of, where this process knows it: who looks at it is told, too. */
  readonly bindingOf: (work: Work) => KubeObject | undefined;
  /** With Works that have an object whose status is behind its spec. */
  readonly behind: Patience;
  /** With Works that have an object whose Pods are on their way. */
  readonly underWay: Patience;
}

/** Collecting goes on while dispatching is suspended: what runs, runs. */
export async function reconcileWorkStatus(context: ObserveContext, key: string): Promise<Result> {
  const { works, members } = context;
  const work = works.get(key);
  if (!work || work.metadata.deletionTimestamp || !isConditionTrue(work.status?.conditions, 'Applied')) return done;
  const member = members.get(clusterOfExecutionNamespace(work.metadata.namespace!) ?? '');
  // A member that comes back brings its Works here again.
  if (!member) return done;
  const { observations, failures } = await observeAll(context, work, member);
  // An object that is not there yet, or no longer, keeps the last word it had: the executor is at it.
  if (observations.length === 0) return done;
  const wait = context.behind.left(key, !observations.some(isBehind));
  if (wait > 0) return requeueAfter(wait, 'the member is about to say how the newest generation is doing');
  const more = context.underWay.left(key, !observations.some(isUnderWay));
  if (more > 0) return requeueAfter(more, 'Pods are on their way');
  const current = works.get(key) ?? work;
  const updated = withObservations(current, observations);
  if (updated !== current) {
    await works.updateStatus(updated);
    if (failures.length === 0) announce(context, work, observations);
  }
  // What could be told has been told; the rest is asked again.
  if (failures.length > 0) throw failures[0]!;
  return done;
}

const subjectOf = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

function announce({ events }: ObserveContext, work: Work, observations: readonly Observation[]): void {
  for (const { manifest, health } of observations) {
    const subject = subjectOf(manifest);
    events.event(work, 'Normal', reasons.reflectStatusSucceed, `Reflect status for object(${subject}) succeed.`);
    events.event(
      work,
      'Normal',
      reasons.interpretHealthSucceed,
      `Interpret health of object(${subject}) as ${health.toLowerCase()}.`,
    );
  }
}

interface Observed {
  readonly observations: readonly Observation[];
  /** Of the interpreter; each has been told. */
  readonly failures: readonly Error[];
}

async function observeAll(context: ObserveContext, work: Work, member: Member): Promise<Observed> {
  const observations: Observation[] = [];
  const failures: Error[] = [];
  try {
    for (const [ordinal, manifest] of manifestsOf(work).entries()) {
      const source = await context.reader(member).of(manifest);
      const { namespace, name } = manifest.metadata;
      const live = source?.get({ namespace, name: name! }) as UnstructuredObject | undefined;
      if (live?.metadata.labels?.[managed] === managedValue)
        observations.push(await observe(context, work, { manifest, ordinal, live }, failures));
    }
  } catch (error) {
    if (!(error instanceof Unsynced)) throw error;
    error.whenSynced.then(
      () => context.wake(keyOf(work)),
      () => {},
    );
    return { observations: [], failures: [] };
  }
  return { observations, failures };
}

/** An interpreter that fails changes nothing of the status that is known, and says nothing of the workload's health. */
async function observe(
  context: ObserveContext,
  work: Work,
  { manifest, ordinal, live }: Pick<Observation, 'manifest' | 'ordinal' | 'live'>,
  failures: Error[],
): Promise<Observation> {
  const { interpreter } = context;
  const or =
    <T>(last: T, reason: string, did: string) =>
    (cause: unknown) => {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      failures.push(error);
      lament(context, work, reason, `${did} object(${subjectOf(manifest)}) failed, err: ${error.message}.`);
      return last;
    };
  const last = work.status?.manifestStatuses?.find(({ identifier }) => identifier.ordinal === ordinal)?.status;
  const status = await interpreter
    .reflectStatus(live)
    .catch(or(last, reasons.reflectStatusFailed, 'Reflect status for'));
  const health = await interpreter
    .interpretHealth(live)
    .catch(or<Health>('Unknown', reasons.interpretHealthFailed, 'Interpret health of'));
  return { manifest, ordinal, live, status, health };
}

function lament({ events, bindingOf }: ObserveContext, work: Work, reason: string, message: string): void {
  const binding = bindingOf(work);
  for (const object of [work, ...(binding ? [binding] : [])]) events.event(object, 'Warning', reason, message);
}
