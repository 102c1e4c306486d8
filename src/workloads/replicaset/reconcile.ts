/** A ReplicaSet: as many Pods as it wants, and a status that says how many there are. */
import type { Pod, ReplicaSet } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Patience } from '#runtime/patience.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { claimed, controlledBy, siblingsOf } from '../ownership.ts';
import { forEachPod, isNamespaceGoing, type PodControl, podFrom } from '../pod-control.ts';
import { isActive, nextAvailability } from '../pod-state.ts';
import { selectorOf } from '../selectors.ts';
import { isUnderWay, planReplicaSet, replicaSetStatus } from './plan.ts';

export interface ReplicaSetContext {
  readonly replicaSets: CachedResource<ReplicaSet>;
  readonly control: PodControl;
  readonly clock: Clock;
  readonly random: Random;
  /** With ReplicaSets whose Pods are on their way. */
  readonly underWay: Patience;
}

export async function reconcileReplicaSet(context: ReplicaSetContext, key: string): Promise<Result> {
  const { replicaSets, control, clock } = context;
  const set = replicaSets.get(key);
  if (!set) return done;
  const pods = await claimed(control.pods, replicaSets, set, selectorOf(set.spec.selector));
  const error = await manage(context, set, pods);
  const later = await writeStatus(context, set, error);
  if (error) throw error;
  if (later > 0) return requeueAfter(later, 'its Pods are on their way');
  const wait = nextAvailability(pods.filter(isActive), set.spec.minReadySeconds ?? 0, clock.now());
  return wait === undefined ? done : requeueAfter(wait, 'Pods become available');
}

/** What kept it from its number of Pods; undefined when nothing did. */
async function manage(context: ReplicaSetContext, set: ReplicaSet, pods: readonly Pod[]): Promise<Error | undefined> {
  const { control, clock, random } = context;
  const related = () => relatedPods(context, set);
  const plan = planReplicaSet({ set, pods, isGoing: control.isGoing, related, now: clock.now() });
  try {
    const wanted = Array.from({ length: plan.create }, () => podFrom(set.spec.template!, set, random));
    await forEachPod(clock, wanted, (pod) => control.create(set, pod));
    await forEachPod(clock, plan.delete, (pod) => control.delete(set, pod));
    return undefined;
  } catch (error) {
    if (isNamespaceGoing(error)) return undefined;
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Pods of all ReplicaSets that the same Deployment controls: one application, spread over the nodes together. */
function relatedPods({ replicaSets, control }: ReplicaSetContext, set: ReplicaSet): readonly Pod[] {
  return siblingsOf(replicaSets.informer, set).flatMap((sibling) => controlledBy(control.pods.informer, sibling));
}

/** Of the Pods as they are now: those just made are in the cache already. Milliseconds left to wait where it is not written yet. */
async function writeStatus(
  { replicaSets, control, clock, underWay }: ReplicaSetContext,
  set: ReplicaSet,
  error: Error | undefined,
): Promise<number> {
  const matcher = selectorOf(set.spec.selector);
  const pods = controlledBy(control.pods.informer, set).filter(({ metadata }) => matcher.matches(metadata.labels));
  const status = replicaSetStatus({ set, pods, ...(error ? { error } : {}), now: clock.now() });
  const key = keyOf(set);
  const wait = underWay.left(key, !isUnderWay(set, status));
  if (wait > 0 || deepEqual(status, set.status)) return wait;
  if (replicaSets.get(key)?.metadata.uid === set.metadata.uid) await replicaSets.updateStatus({ ...set, status });
  return 0;
}
