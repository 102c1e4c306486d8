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
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { isBehind, type Observation, withObservations } from './plan.ts';

export interface ObserveContext {
  readonly works: CachedResource<Work>;
  readonly members: Members;
  readonly reader: (member: Member) => MemberReader;
  /** Has a Work looked at again. */
  readonly wake: (key: string) => void;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Works with an object whose status is behind its spec, since when (monotonic). */
  readonly behind: Map<string, number>;
}

/** As a rule the member's controller has answered a change of its object within this time; then one write does for both. */
const patienceMs = 1_000;

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
  const wait = waitFor(context, key, observations);
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

/** Milliseconds left to wait for a newer status; a controller that stays silent does not keep what is known to itself. */
function waitFor({ behind, clock }: ObserveContext, key: string, observations: readonly Observation[]): number {
  if (!observations.some(isBehind)) {
    behind.delete(key);
    return 0;
  }
  const now = clock.monotonic();
  const since = behind.get(key) ?? now;
  behind.set(key, since);
  return Math.max(0, since + patienceMs - now);
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
