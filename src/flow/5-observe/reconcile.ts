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
import { isBehind, type Observation, withObservations } from './plan.ts';

export interface ObserveContext {
  readonly works: CachedResource<Work>;
  readonly members: Members;
  readonly reader: (member: Member) => MemberReader;
  /** Has a Work looked at again. */
  readonly wake: (key: string) => void;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  /** With Works that have an object whose status is behind its spec. */
  readonly behind: Patience;
}

/** Collecting goes on while dispatching is suspended: what runs, runs. */
export async function reconcileWorkStatus(context: ObserveContext, key: string): Promise<Result> {
  const { works, members, events } = context;
  const work = works.get(key);
  if (!work || work.metadata.deletionTimestamp || !isConditionTrue(work.status?.conditions, 'Applied')) return done;
  const member = members.get(clusterOfExecutionNamespace(work.metadata.namespace!) ?? '');
  // A member that comes back brings its Works here again.
  if (!member) return done;
  const observations = await observeAll(context, work, member);
  // An object that is not there yet, or no longer, keeps the last word it had: the executor is at it.
  if (observations.length === 0) return done;
  const wait = context.behind.left(key, !observations.some(isBehind));
  if (wait > 0) return requeueAfter(wait, 'the member is about to say how the newest generation is doing');
  const current = works.get(key) ?? work;
  const updated = withObservations(current, observations);
  if (updated === current) return done;
  await works.updateStatus(updated);
  for (const { manifest, health } of observations) {
    const subject = `${manifest.kind}/${manifest.metadata.namespace ?? ''}/${manifest.metadata.name}`;
    events.event(work, 'Normal', reasons.reflectStatusSucceed, `Reflect status for object(${subject}) succeed.`);
    events.event(
      work,
      'Normal',
      reasons.interpretHealthSucceed,
      `Interpret health of object(${subject}) as ${health.toLowerCase()}.`,
    );
  }
  return done;
}

async function observeAll(context: ObserveContext, work: Work, member: Member): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  try {
    for (const [ordinal, manifest] of manifestsOf(work).entries()) {
      const source = await context.reader(member).of(manifest);
      const { namespace, name } = manifest.metadata;
      const live = source?.get({ namespace, name: name! }) as UnstructuredObject | undefined;
      if (live?.metadata.labels?.[managed] === managedValue)
        observations.push(await observe(context, manifest, live, ordinal));
    }
  } catch (error) {
    if (!(error instanceof Unsynced)) throw error;
    error.whenSynced.then(
      () => context.wake(keyOf(work)),
      () => {},
    );
    return [];
  }
  return observations;
}

async function observe(
  { interpreter }: ObserveContext,
  manifest: KubeObject,
  live: UnstructuredObject,
  ordinal: number,
): Promise<Observation> {
  const status = await interpreter.reflectStatus(live);
  return { manifest, ordinal, live, status, health: await healthOf(interpreter, live) };
}

/** An interpreter that fails says nothing of the workload. */
async function healthOf(interpreter: Interpreter, live: UnstructuredObject): Promise<Health> {
  try {
    return await interpreter.interpretHealth(live);
  } catch {
    return 'Unknown';
  }
}
