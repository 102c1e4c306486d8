/** A StatefulSet: its revisions, then one step of its Pods, then its status. */
import type { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { claimed, controlledBy } from '../ownership.ts';
import { forEachPod, isNamespaceGoing, type PodControl } from '../pod-control.ts';
import { nextAvailability } from '../pod-state.ts';
import { eventReasons } from '../reasons.ts';
import {
  forgetRevisions,
  type OwnRevisions,
  RevisionCollision,
  type RevisionControl,
  syncRevisions,
} from '../revision-control.ts';
import { selectorOf } from '../selectors.ts';
import { claimsOf, nameOfOrdinal, ordinalOf, revisionOfPod } from './plan/identity.ts';
import { statefulSetStatus } from './plan/status.ts';
import { type NewPod, planStatefulSet } from './plan.ts';

export interface StatefulSetContext extends RevisionControl<StatefulSet> {
  readonly owners: CachedResource<StatefulSet>;
  readonly claims: CachedResource<PersistentVolumeClaim>;
  readonly control: PodControl;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

export async function reconcileStatefulSet(context: StatefulSetContext, key: string): Promise<Result> {
  const { owners, revisions, control, clock } = context;
  const set = owners.get(key);
  if (!set) return done;
  const own = await revisionsOf(context, set);
  if (!own) return done;
  const pods = (await claimed(control.pods, owners, set, selectorOf(set.spec.selector))).filter(isMember(set));
  const update = own.newest;
  const current = own.all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  await act(context, set, pods, current, update);
  await writeStatus(context, set, current, update);
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOfPod)]);
  await forgetRevisions(
    revisions,
    own.all,
    ({ metadata }) => live.has(metadata.name),
    set.spec.revisionHistoryLimit ?? 10,
  );
  const wait = nextAvailability(pods, set.spec.minReadySeconds ?? 0, clock.now());
  return wait === undefined ? done : requeueAfter(wait, 'Pods become available');
}

const isMember =
  (set: StatefulSet) =>
  (pod: Pod): boolean =>
    ordinalOf(set, pod) !== undefined;

/** Undefined where the name of the new revision is taken: the count of that is written, and brings the next look. */
async function revisionsOf(context: StatefulSetContext, set: StatefulSet): Promise<OwnRevisions | undefined> {
  const collisions = set.status?.collisionCount ?? 0;
  try {
    return await syncRevisions(context, set, selectorOf(set.spec.selector), collisions);
  } catch (error) {
    if (isNamespaceGoing(error)) return undefined;
    if (!(error instanceof RevisionCollision)) throw error;
    const status = { replicas: 0, ...set.status, collisionCount: collisions + 1 };
    await context.owners.updateStatus({ ...set, status });
    return undefined;
  }
}

async function act(
  context: StatefulSetContext,
  set: StatefulSet,
  pods: readonly Pod[],
  current: ControllerRevision,
  update: ControllerRevision,
): Promise<void> {
  const { control, clock } = context;
  const plan = planStatefulSet({ set, pods, isGoing: control.isGoing, current, update, now: clock.now() });
  try {
    await forEachPod(clock, plan.create, (each) => create(context, set, each));
  } catch (error) {
    if (!isNamespaceGoing(error)) throw error;
  }
  await forEachPod(clock, plan.delete, (pod) => control.delete(set, pod));
}

/** The claims first: a Pod must find its volumes. */
async function create(context: StatefulSetContext, set: StatefulSet, { ordinal, pod }: NewPod): Promise<void> {
  const { claims, control, events } = context;
  for (const claim of claimsOf(set, ordinal)) {
    if (claims.get(keyOf(claim))) continue;
    try {
      await claims.create(claim);
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) continue;
      throw error;
    }
    const text = `create Claim ${claim.metadata.name} Pod ${nameOfOrdinal(set, ordinal)} in StatefulSet ${set.metadata.name} success`;
    events.event(set, 'Normal', eventReasons.successfulCreate, text);
  }
  await control.create(set, pod);
}

/** Of the Pods as they are now: those just made are in the cache already. */
async function writeStatus(
  { owners, control, clock }: StatefulSetContext,
  set: StatefulSet,
  current: ControllerRevision,
  update: ControllerRevision,
): Promise<void> {
  const pods = controlledBy(control.pods.informer, set).filter(isMember(set));
  const names = {
    current: current.metadata.name!,
    update: update.metadata.name!,
    collisions: set.status?.collisionCount ?? 0,
  };
  const status = statefulSetStatus(set, pods, names, clock.now());
  if (!deepEqual(status, set.status)) await owners.updateStatus({ ...set, status });
}
