/** ReplicaSets, the wiring: their own changes, and their Pods' at the end of the turn. */
import { ReplicaSets } from '#apis/kubernetes/types.ts';
import { keyOf } from '#kube/meta/key.ts';
import { gathering } from '#runtime/gather.ts';
import { patienceWhileBusy } from '#runtime/patience.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { indexByController } from '../ownership.ts';
import { podControl } from '../pod-control.ts';
import { components } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { priorityOf, wakeOwners } from '../wake.ts';
import { reconcileReplicaSet } from './reconcile.ts';

const workers = 16;

/** While much else is to do, Pods that come up within this time are told of once. */
const patienceMs = 1_000;

export function replicaSetController(options: WorkloadOptions): Controller {
  const { clock, random } = options;
  const replicaSets = managedResource(options, ReplicaSets);
  const control = podControl({ ...options, events: options.events(components.replicaSet) });
  const pods = control.pods.informer;
  const context = { replicaSets, control, clock, random, underWay: patienceWhileBusy(clock, patienceMs) };
  return {
    name: 'replicaset',
    workers,
    setUp: (enqueue) => {
      indexByController(pods);
      indexByController(replicaSets.informer);
      replicaSets.informer.onChange((change) => {
        if (change.type === 'deleted') context.underWay.forget(keyOf(change.object));
        else enqueue(keyOf(change.object), priorityOf(change));
      });
      wakeOwners({
        dependents: pods,
        owners: replicaSets.informer,
        selector: ({ spec }) => selectorOf(spec.selector),
        enqueue: gathering(clock, enqueue),
      });
    },
    reconcile: (key) => reconcileReplicaSet(context, key),
  };
}
