/** One Pod without a node: placed at once in our own books, then bound; or told why it cannot be. */
import type { Pod } from '#apis/kubernetes/types.ts';
import type { ResourceClient } from '#client/api-client.ts';
import type { Informer } from '#client/informer/informer.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Condition } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { ifFound } from '../if-found.ts';
import type { Ledger } from './ledger.ts';
import { planPlacement } from './plan.ts';

export interface SchedulerContext {
  readonly pods: Informer<Pod>;
  readonly live: ResourceClient<Pod>;
  readonly ledger: Ledger;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Keys of Pods that no node could take: looked at again when nodes or room appear. */
  readonly unschedulable: Set<string>;
}

const schedulerName = 'default-scheduler';
const fieldManager = 'kube-scheduler';

/** Ours to place: without a node, not going away, not held back by a gate. */
export const wantsNode = ({ metadata, spec, status }: Pod): boolean =>
  !spec.nodeName &&
  metadata.deletionTimestamp === undefined &&
  (spec.schedulerName ?? schedulerName) === schedulerName &&
  (spec.schedulingGates ?? []).length === 0 &&
  status?.phase !== 'Succeeded' &&
  status?.phase !== 'Failed';

export async function schedulePod(context: SchedulerContext, key: string): Promise<Result> {
  const { pods, ledger, unschedulable } = context;
  const pod = pods.get(key);
  unschedulable.delete(key);
  // One that is being put somewhere already is not put anywhere else.
  if (!pod || !wantsNode(pod) || ledger.placeOf(pod) !== undefined) return done;
  const placement = planPlacement(pod, ledger);
  if ('node' in placement) await bind(context, pod, placement.node);
  else await refuse(context, pod, placement.message);
  return done;
}

async function bind({ live, ledger, events }: SchedulerContext, pod: Pod, node: string): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  ledger.hold(pod, node);
  const binding = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace, uid },
    target: { kind: 'Node', name: node },
  };
  try {
    await live.create(binding as unknown as Pod, { subresource: 'binding', fieldManager });
  } catch (error) {
    ledger.release(pod);
    if (isReason(error, 'NotFound')) return;
    throw error;
  }
  events.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${keyOf(pod)} to ${node}`);
}

/** Said once for each reason: the condition is written only when it changes. */
async function refuse(context: SchedulerContext, pod: Pod, message: string): Promise<void> {
  const { pods, live, events, clock, unschedulable } = context;
  unschedulable.add(keyOf(pod));
  events.event(pod, 'Warning', 'FailedScheduling', message);
  const before = pod.status?.conditions as readonly Condition[] | undefined;
  const condition: Condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  const conditions = setCondition(before, { ...condition, ...probeTime }, timestamp(clock.now()));
  if (conditions === before) return;
  const status = { ...pod.status, conditions };
  const told = await ifFound(live.update({ ...pod, status } as Pod, { subresource: 'status', fieldManager }));
  if (told) pods.observe(told);
  else unschedulable.delete(keyOf(pod));
}

/** Pod conditions have one more field than others; it is always null. */
const probeTime = { lastProbeTime: null } as object;
