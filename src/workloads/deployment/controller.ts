/** Deployments, the wiring: their own changes, their ReplicaSets', and the end of Pods that a Recreate waits for. */
import { Deployments, Pods, ReplicaSets } from '#apis/kubernetes/types.ts';
import { keyOf } from '#kube/meta/key.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { gathering } from '#runtime/gather.ts';
import { patienceWhileBusy } from '#runtime/patience.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { indexByController } from '../ownership.ts';
import { components } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { ownerIn, priorityOf, wakeOwners } from '../wake.ts';
import { isRolling } from './plan/sizes.ts';
import { type DeploymentContext, reconcileDeployment } from './reconcile.ts';

const workers = 16;

/** While much else is to do, Pods that come up within this time are told of once. */
const patienceMs = 1_000;

export function deploymentController(options: WorkloadOptions): Controller {
  const { informers, clock } = options;
  const context: DeploymentContext = {
    deployments: managedResource(options, Deployments),
    replicaSets: managedResource(options, ReplicaSets),
    pods: informers.informer(Pods),
    events: options.events(components.deployment),
    clock,
    underWay: patienceWhileBusy(clock, patienceMs),
  };
  const { deployments, replicaSets, pods } = context;
  return {
    name: 'deployment',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      indexByController(replicaSets.informer);
      indexByController(pods);
      deployments.informer.onChange((change) => {
        if (change.type === 'deleted') context.underWay.forget(keyOf(change.object));
        else enqueue(keyOf(change.object), priorityOf(change));
      });
      wakeOwners({
        dependents: replicaSets.informer,
        owners: deployments.informer,
        selector: ({ spec }) => selectorOf(spec.selector),
        enqueue: later,
      });
      pods.onChange((change) => {
        if (change.type === 'added') return;
        const { object } = change;
        const { namespace } = object.metadata;
        const set = ownerIn(replicaSets.informer, namespace, controllerOf(object));
        const deployment = set && ownerIn(deployments.informer, namespace, controllerOf(set));
        if (deployment && !isRolling(deployment)) later(keyOf(deployment));
      });
    },
    reconcile: (key) => reconcileDeployment(context, key),
  };
}
