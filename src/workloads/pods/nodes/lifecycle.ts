/**
 * Notices nodes that fall silent. Silence is measured from when a renewed Lease was seen, on our own monotonic clock:
 * a node whose clock is wrong is not taken for a dead one.
 */
import { type Lease, Leases, type Node, Nodes, type Pod, Pods } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { isReady } from '../../pod-state.ts';
import { fieldManager } from '../../resources.ts';
import { priorityOf } from '../../wake.ts';
import { ifFound } from '../if-found.ts';
import { judgeNode } from './health.ts';
import { leaseNamespace } from './heartbeat.ts';
import { indexByNode, podsOn } from './pods-on.ts';

export interface NodeLifecycleOptions {
  /** Acts as `system:kube-controller-manager`. */
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** kube-controller-manager's --node-monitor-grace-period. */
const graceMs = 50_000;
const workers = 4;

interface Context extends NodeLifecycleOptions {
  readonly nodes: CachedResource<Node>;
  readonly pods: CachedResource<Pod>;
  /** When each node was heard of last, on the monotonic clock. */
  readonly heard: Map<string, number>;
}

export function nodeLifecycleController(options: NodeLifecycleOptions): Controller {
  const { client, informers, clock } = options;
  const context: Context = {
    ...options,
    nodes: cachedResource(client, informers, Nodes),
    pods: cachedResource(client, informers, Pods),
    heard: new Map(),
  };
  const { nodes, pods, heard } = context;
  const leases = informers.informer<Lease>(Leases, { namespace: leaseNamespace });
  return {
    name: 'node-lifecycle',
    workers,
    setUp: (enqueue) => {
      indexByNode(pods.informer);
      leases.onChange(({ type, object, old }) => {
        const name = object.metadata.name!;
        if (type !== 'deleted' && old?.spec.renewTime !== object.spec.renewTime) heard.set(name, clock.monotonic());
      });
      nodes.informer.onChange((change) => {
        const name = change.object.metadata.name!;
        if (change.type === 'deleted') heard.delete(name);
        else enqueue(name, priorityOf(change));
      });
    },
    reconcile: (name) => reconcileNode(context, name),
  };
}

async function reconcileNode(context: Context, name: string): Promise<Result> {
  const { nodes, heard, clock } = context;
  const node = nodes.get(name);
  if (!node) return done;
  const since = heard.get(name) ?? clock.monotonic();
  heard.set(name, since);
  const left = since + graceMs - clock.monotonic();
  const { conditions, taints } = judgeNode(node, left <= 0, timestamp(clock.now()));
  const judged = conditions
    ? await nodes.updateStatus({ ...node, status: { ...node.status, conditions } }, { fieldManager })
    : node;
  if (taints) await nodes.update({ ...judged, spec: { ...judged.spec, taints } }, { fieldManager });
  if (!isNodeReady(judged)) await doubtPods(context, judged);
  // A silent node is looked at again when it speaks.
  return left > 0 ? requeueAfter(left, 'waiting for a sign of life') : done;
}

const isNodeReady = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type, status: truth }) => type === 'Ready' && truth === 'True') === true;

/** Nobody can say that they are ready; what they do goes on. */
async function doubtPods({ pods, events, clock }: Context, { metadata }: Node): Promise<void> {
  for (const pod of podsOn(pods.informer, metadata.name!)) {
    if (!isReady(pod)) continue;
    const lastTransitionTime = timestamp(clock.now());
    const conditions = pod.status?.conditions?.map((each) =>
      each.type === 'Ready' ? { ...each, status: 'False', lastTransitionTime } : each,
    );
    const status = { ...pod.status, ...(conditions ? { conditions } : {}) };
    const doubted = await ifFound(pods.updateStatus({ ...pod, status }, { fieldManager }));
    if (doubted) events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}
