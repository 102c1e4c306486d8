/**
 * Removes Pods that may not stay where they are: from nodes with a NoExecute taint, as soon as their tolerations have
 * run out, and from nodes that are gone. One Pod at a time; nothing is done to what has been asked to go.
 */

import { tolerates } from '#apis/kubernetes/fit/taints.ts';
import { type Node, Nodes, type Pod, Pods, type Taint } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Condition } from '#kube/meta/object.ts';
import { parseTime } from '#kube/meta/time.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { isFinished, isTerminating } from '../../pod-state.ts';
import { fieldManager } from '../../resources.ts';
import { priorityOf } from '../../wake.ts';
import { ifFound } from '../if-found.ts';
import { indexByNode, podsOn } from './pods-on.ts';

export interface EvictionOptions {
  /** Acts as `system:kube-controller-manager`. */
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

interface Context extends EvictionOptions {
  readonly nodes: CachedResource<Node>;
  readonly pods: CachedResource<Pod>;
  /** When a node was missed first, on the monotonic clock. */
  readonly missed: Map<string, number>;
}

/** A node may be registered anew under its name: Pods wait so long for it, as kube-controller-manager's pod collector. */
const quarantineMs = 40_000;
const workers = 4;

export function evictionController(options: EvictionOptions): Controller {
  const { client, informers } = options;
  const context: Context = {
    ...options,
    nodes: cachedResource(client, informers, Nodes),
    pods: cachedResource(client, informers, Pods),
    missed: new Map(),
  };
  const { nodes, pods, missed } = context;
  return {
    name: 'taint-eviction',
    workers,
    setUp: (enqueue) => {
      indexByNode(pods.informer);
      nodes.informer.onChange((change) => {
        const { type, object, old } = change;
        const name = object.metadata.name!;
        if (type !== 'deleted') missed.delete(name);
        if (type !== 'deleted' && old && deepEqual(old.spec?.taints, object.spec?.taints)) return;
        for (const pod of podsOn(pods.informer, name)) enqueue(keyOf(pod), priorityOf(change));
      });
      pods.informer.onChange((change) => {
        const { type, object } = change;
        const { nodeName } = object.spec;
        if (type === 'deleted' || !nodeName || (type === 'updated' && change.old.spec.nodeName === nodeName)) return;
        // Most nodes are there and turn nobody out.
        const node = nodes.get(nodeName);
        if (!node || expelling(node).length > 0) enqueue(keyOf(object), priorityOf(change));
      });
    },
    reconcile: (key) => reconcilePod(context, key),
  };
}

const expelling = ({ spec }: Node): readonly Taint[] =>
  (spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

async function reconcilePod(context: Context, key: string): Promise<Result> {
  const { nodes, pods, clock } = context;
  const pod = pods.get(key);
  if (!pod?.spec.nodeName) return done;
  const node = nodes.get(pod.spec.nodeName);
  if (!node) return collect(context, pod, pod.spec.nodeName);
  if (isTerminating(pod) || isFinished(pod)) return done;
  const left = staysMs(pod, expelling(node), clock.now());
  if (left === undefined) return done;
  if (left > 0) return requeueAfter(left, 'tolerates its node for a while');
  await evict(context, pod);
  return done;
}

/** Milliseconds the Pod may stay; undefined for as long as it likes. */
function staysMs({ spec }: Pod, taints: readonly Taint[], now: number): number | undefined {
  const waits = taints.map((taint) => {
    const fitting = (spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    if (fitting.length === 0) return 0;
    const limits = fitting.flatMap(({ tolerationSeconds }) =>
      tolerationSeconds === undefined ? [] : [tolerationSeconds],
    );
    if (limits.length === 0) return Number.POSITIVE_INFINITY;
    const since = parseTime(taint.timeAdded ?? '');
    return Math.max(0, Math.min(...limits) * 1_000 - (Number.isNaN(since) ? 0 : now - since));
  });
  const least = Math.min(...waits);
  return Number.isFinite(least) ? least : undefined;
}

async function evict({ pods, events, clock }: Context, pod: Pod): Promise<void> {
  events.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${keyOf(pod)}`);
  await doom(pods, pod, 'DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint', clock);
  await pods.delete(pod);
}

/** The node is gone: nobody will ever stop the Pod, so it ends here. */
async function collect({ nodes, pods, missed, clock }: Context, pod: Pod, name: string): Promise<Result> {
  const since = missed.get(name) ?? clock.monotonic();
  missed.set(name, since);
  const left = since + quarantineMs - clock.monotonic();
  if (left > 0) return requeueAfter(left, 'its node is gone');
  if (await ifFound(nodes.live.get({ name }))) return done;
  if (!isFinished(pod)) await doom(pods, pod, 'DeletionByPodGC', 'PodGC: node no longer exists', clock, 'Failed');
  await pods.delete(pod, { gracePeriodSeconds: 0 });
  return done;
}

/** Says on the Pod why it goes: Jobs tell by it that this was no failure of theirs. */
async function doom(
  pods: CachedResource<Pod>,
  pod: Pod,
  reason: string,
  message: string,
  clock: Clock,
  phase = pod.status?.phase,
): Promise<void> {
  const condition: Condition = { type: 'DisruptionTarget', status: 'True', reason, message };
  const before = pod.status?.conditions as readonly Condition[] | undefined;
  const conditions = setCondition(before, condition, timestamp(clock.now()));
  const status = { ...pod.status, ...(phase ? { phase } : {}), conditions };
  await ifFound(pods.updateStatus({ ...pod, status }, { fieldManager }));
}
