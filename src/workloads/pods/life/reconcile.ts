/** One Pod on one node: carries out the stage whose time has come, and puts right what no stage speaks of. */
import type { Node, Pod, PodStatus } from '#apis/kubernetes/types.ts';
import type { ResourceClient } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { ifFound } from '../if-found.ts';
import type { Addresses } from './addresses.ts';
import { containerId, imageId } from './identity.ts';
import { delayOf, messagesOf, nextOf, stageOf } from './plan.ts';
import type { PodNext, StageSet } from './stages.ts';
import { type PodFacts, statusAfter, statusPutRight } from './status.ts';
import type { StageTimers } from './timers.ts';

export interface KubeletContext {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  /** Acting as the node's own user. */
  readonly podsOf: (node: string) => ResourceClient<Pod>;
  /** Whether the node's machine answers. */
  readonly isUp: (node: string) => boolean;
  readonly events: EventRecorder;
  readonly stages: StageSet;
  readonly addresses: Addresses;
  readonly timers: StageTimers;
  readonly clock: Clock;
  readonly random: Random;
}

const fieldManager = 'kubelet';
const addressRetryMs = 10_000;

export async function reconcilePod(context: KubeletContext, key: string): Promise<Result> {
  const { pods, nodes, stages, timers, random, isUp } = context;
  const pod = pods.get(key);
  const node = pod?.spec.nodeName ? nodes.get(pod.spec.nodeName) : undefined;
  if (!pod || !node || !isUp(node.metadata.name!)) return done;
  const stage = stageOf(stages.pods, pod);
  if (!stage) {
    timers.forget(key);
    return putRight(context, pod, node);
  }
  const left = timers.left(key, pod, stage.name, () => delayOf(stage.delay, pod, random.next()));
  if (left > 0) return requeueAfter(left, `stage ${stage.name}`);
  const next = nextOf(stage, pod);
  if (next.delete) await remove(context, pod);
  else {
    const facts = factsOf(context, pod, node);
    if (!facts) return requeueAfter(addressRetryMs, 'its node has no address left');
    await writeStatus(context, pod, statusAfter(facts, next));
  }
  timers.forget(key);
  tell(context, pod, next);
  return done;
}

async function putRight(context: KubeletContext, pod: Pod, node: Node): Promise<Result> {
  const facts = pod.status?.phase === 'Running' ? factsOf(context, pod, node) : undefined;
  const status = facts && statusPutRight(facts);
  if (status) await writeStatus(context, pod, status);
  return done;
}

function factsOf({ addresses, clock }: KubeletContext, pod: Pod, node: Node): PodFacts | undefined {
  const hostIP = node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
  const podIP = pod.spec.hostNetwork ? hostIP : addresses.addressFor(pod, node);
  if (podIP === undefined) return undefined;
  return { pod, now: timestamp(clock.now()), hostIP, podIP, containerId, imageId };
}

/** The answer is laid over the cache, so that the next look finds the stage behind it. */
async function writeStatus({ pods, podsOf }: KubeletContext, pod: Pod, status: PodStatus): Promise<void> {
  const client = podsOf(pod.spec.nodeName!);
  const written = await ifFound(client.update({ ...pod, status }, { subresource: 'status', fieldManager }));
  if (written) pods.observe(written);
}

/** This very Pod, now that its containers have stopped. */
async function remove({ podsOf }: KubeletContext, pod: Pod): Promise<void> {
  const { uid } = pod.metadata;
  try {
    await podsOf(pod.spec.nodeName!).delete(nameOf(pod), { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    // Gone already, or another Pod has its name now.
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
  }
}

function tell({ events }: KubeletContext, pod: Pod, { events: told }: PodNext): void {
  for (const event of told) {
    for (const message of messagesOf(event, pod)) events.event(pod, event.type, event.reason, message);
  }
}
