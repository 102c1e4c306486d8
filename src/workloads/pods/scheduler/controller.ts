/** The scheduler of a cluster, the wiring: Pods without a node, and whatever may make room for those that found none. */
import { type Node, Nodes, type Pod, Pods } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { isFinished } from '../../pod-state.ts';
import { priorityOf } from '../../wake.ts';
import { createLedger } from './ledger.ts';
import { type SchedulerContext, schedulePod, wantsNode } from './reconcile.ts';

export interface SchedulerOptions {
  /** Acts as `system:kube-scheduler`. */
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** Bindings under way at a time; the choice itself is made one by one. */
const workers = 16;

export function schedulerController({ client, informers, events, clock }: SchedulerOptions): Controller {
  const ledger = createLedger();
  const nodes = informers.informer(Nodes);
  const unschedulable = new Set<string>();
  const pods = informers.informer(Pods);
  const context: SchedulerContext = { pods, live: client.resource(Pods), ledger, events, clock, unschedulable };
  return {
    name: 'scheduler',
    workers,
    setUp: (enqueue) => {
      let retrying = false;
      /** Once per turn: many Pods that leave together are one reason to look again. */
      const retry = () => {
        if (retrying || unschedulable.size === 0) return;
        retrying = true;
        clock.soon(() => {
          retrying = false;
          for (const key of unschedulable) enqueue(key, 'low');
        });
      };
      nodes.onChange(({ type, object, old }) => {
        if (type === 'deleted') ledger.removeNode(object.metadata.name!);
        else ledger.setNode(object);
        if (type !== 'deleted' && !(old && offersTheSame(old, object))) retry();
      });
      pods.onChange((change) => {
        const { type, object } = change;
        if (type === 'deleted' || isFinished(object)) {
          if (ledger.release(object)) retry();
          unschedulable.delete(keyOf(object));
        } else if (object.spec.nodeName) ledger.hold(object, object.spec.nodeName);
        else if (wantsNode(object) && ledger.placeOf(object) === undefined && isNews(change, unschedulable)) {
          enqueue(keyOf(object), priorityOf(change));
        }
      });
    },
    reconcile: (key) => schedulePod(context, key),
  };
}

/** Heartbeats make no room. */
const offersTheSame = (old: Node, node: Node): boolean =>
  deepEqual(old.spec, node.spec) &&
  deepEqual(old.metadata.labels, node.metadata.labels) &&
  deepEqual(old.status?.allocatable, node.status?.allocatable);

/** Our own writing down why there is no node is none. */
const isNews = ({ old, object }: Change<Pod>, unschedulable: ReadonlySet<string>): boolean =>
  !old ||
  !unschedulable.has(keyOf(object)) ||
  !deepEqual(old.spec, object.spec) ||
  !deepEqual(old.metadata.labels, object.metadata.labels);
