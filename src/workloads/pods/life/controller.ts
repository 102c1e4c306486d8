/** The kubelets of a cluster in one loop, the wiring: Pods that have a node, and nodes that come back. */
import { Nodes, Pods } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { isFinished } from '../../pod-state.ts';
import { priorityOf } from '../../wake.ts';
import { indexByNode, podsOn } from '../nodes/pods-on.ts';
import { podAddresses } from './addresses.ts';
import { type KubeletContext, reconcilePod } from './reconcile.ts';
import type { StageSet } from './stages.ts';
import { stageTimers } from './timers.ts';

/** Whether the machines under the nodes run; a simulation switches them off. */
export interface Machines {
  readonly isUp: (node: string) => boolean;
  /** Told of nodes that go down or come back. Returns how to stop. */
  readonly onChange: (changed: (node: string) => void) => () => void;
}

export interface KubeletOptions {
  /** Acts as `system:node:<name>`. */
  readonly clientOf: (node: string) => ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly stages: StageSet;
  readonly machines: Machines;
  readonly clock: Clock;
  readonly random: Random;
}

/** Status writes under way at a time. */
const workers = 16;

export function kubeletController(options: KubeletOptions): Controller {
  const { clientOf, informers, machines, clock } = options;
  const pods = informers.informer(Pods);
  const nodes = informers.informer(Nodes);
  const addresses = podAddresses();
  const timers = stageTimers(clock);
  const context: KubeletContext = {
    ...options,
    pods,
    nodes,
    podsOf: (node) => clientOf(node).resource(Pods),
    isUp: machines.isUp,
    addresses,
    timers,
  };
  return {
    name: 'kubelet',
    workers,
    setUp: (enqueue) => {
      indexByNode(pods);
      const lookAtAll = (node: string) => {
        for (const pod of podsOn(pods, node)) enqueue(keyOf(pod), 'low');
      };
      pods.onChange((change) => {
        const { type, object } = change;
        if (type === 'deleted' || isFinished(object)) addresses.release(object);
        else addresses.keep(object);
        if (type === 'deleted') timers.forget(keyOf(object));
        else if (object.spec.nodeName) enqueue(keyOf(object), priorityOf(change));
      });
      nodes.onChange(({ type, object }) => {
        if (type === 'added') lookAtAll(object.metadata.name!);
      });
      machines.onChange(lookAtAll);
    },
    reconcile: (key) => reconcilePod(context, key),
  };
}
