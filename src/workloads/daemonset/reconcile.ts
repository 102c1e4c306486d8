/** A DaemonSet: its revisions, a Pod on each node it runs on, then its status. */
import type { DaemonSet, Node, Pod } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { revisionLabel } from '../history.ts';
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
import { daemonPod } from './plan/pod.ts';
import { daemonSetStatus } from './plan/status.ts';
import { planDaemonSet, podsByNode } from './plan.ts';

export interface DaemonSetContext extends RevisionControl<DaemonSet> {
  readonly owners: CachedResource<DaemonSet>;
  readonly nodes: Informer<Node>;
  readonly control: PodControl;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
}

export async function reconcileDaemonSet(context: DaemonSetContext, key: string): Promise<Result> {
  const { owners, revisions, control, clock } = context;
  const set = owners.get(key);
  if (!set) return done;
  const own = await revisionsOf(context, set);
  if (!own) return done;
  const hash = own.newest.metadata.labels?.[revisionLabel] ?? '';
  const pods = await claimed(control.pods, owners, set, selectorOf(set.spec.selector));
  await act(context, set, pods, hash);
  await writeStatus(context, set, hash);
  const live = new Set([hash, ...pods.map(({ metadata }) => metadata.labels?.[revisionLabel])]);
  const isLive = ({ metadata }: OwnRevisions['newest']) => live.has(metadata.labels?.[revisionLabel]);
  await forgetRevisions(revisions, own.all, isLive, set.spec.revisionHistoryLimit ?? 10);
  const wait = nextAvailability(pods, set.spec.minReadySeconds ?? 0, clock.now());
  return wait === undefined ? done : requeueAfter(wait, 'Pods become available');
}

/** Undefined where the name of the new revision is taken: the count of that is written, and brings the next look. */
async function revisionsOf(context: DaemonSetContext, set: DaemonSet): Promise<OwnRevisions | undefined> {
  const collisions = set.status?.collisionCount ?? 0;
  try {
    return await syncRevisions(context, set, selectorOf(set.spec.selector), collisions);
  } catch (error) {
    if (isNamespaceGoing(error)) return undefined;
    if (!(error instanceof RevisionCollision)) throw error;
    const nothing = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
    await context.owners.updateStatus({
      ...set,
      status: { ...nothing, ...set.status, collisionCount: collisions + 1 },
    });
    return undefined;
  }
}

async function act(context: DaemonSetContext, set: DaemonSet, pods: readonly Pod[], hash: string): Promise<void> {
  const { nodes, control, events, clock, random } = context;
  const plan = planDaemonSet({ set, nodes: nodes.list(), pods, isGoing: control.isGoing, hash, now: clock.now() });
  for (const { metadata, spec } of plan.failed) {
    const text = `Found failed daemon pod ${metadata.namespace}/${metadata.name} on node ${spec.nodeName}, will try to kill it`;
    events.event(set, 'Warning', eventReasons.failedDaemonPod, text);
  }
  await forEachPod(clock, plan.delete, (pod) => control.delete(set, pod));
  try {
    await forEachPod(clock, plan.create, (node) => control.create(set, daemonPod(set, node, hash, random)));
  } catch (error) {
    if (!isNamespaceGoing(error)) throw error;
  }
}

/** Of the Pods as they are now: those just made are in the cache already. */
async function writeStatus(
  { owners, nodes, control, clock }: DaemonSetContext,
  set: DaemonSet,
  hash: string,
): Promise<void> {
  const byNode = podsByNode(controlledBy(control.pods.informer, set));
  const podsOn = (node: string) => byNode.get(node) ?? [];
  const status = daemonSetStatus({ set, nodes: nodes.list(), podsOn, hash, now: clock.now() });
  if (!deepEqual(status, set.status)) await owners.updateStatus({ ...set, status });
}
