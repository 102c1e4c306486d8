/** StatefulSets, the wiring: their own changes, their Pods' at the end of the turn. */
import { ControllerRevisions, PersistentVolumeClaims, StatefulSets } from '#apis/kubernetes/types.ts';
import { keyOf } from '#kube/meta/key.ts';
import { gathering } from '#runtime/gather.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { indexByController } from '../ownership.ts';
import { type PodWords, podControl } from '../pod-control.ts';
import { components } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { priorityOf, wakeOwners } from '../wake.ts';
import { reconcileStatefulSet, type StatefulSetContext } from './reconcile.ts';

const workers = 8;

/** Where a StatefulSet's revisions hold their hash. */
const hashLabel = 'controller.kubernetes.io/hash';

const words: PodWords = {
  created: (pod, owner) => `create Pod ${pod} in StatefulSet ${owner} successful`,
  createFailed: (pod, owner, why) => `create Pod ${pod} in StatefulSet ${owner} failed error: ${why}`,
  deleted: (pod, owner) => `delete Pod ${pod} in StatefulSet ${owner} successful`,
  deleteFailed: (pod, owner, why) => `delete Pod ${pod} in StatefulSet ${owner} failed error: ${why}`,
};

export function statefulSetController(options: WorkloadOptions): Controller {
  const { clock } = options;
  const events = options.events(components.statefulSet);
  const owners = managedResource(options, StatefulSets);
  const context: StatefulSetContext = {
    owners,
    revisions: managedResource(options, ControllerRevisions),
    claims: managedResource(options, PersistentVolumeClaims),
    control: podControl({ ...options, events, words }),
    hashLabel,
    events,
    clock,
  };
  const pods = context.control.pods.informer;
  return {
    name: 'statefulset',
    workers,
    setUp: (enqueue) => {
      indexByController(pods);
      indexByController(context.revisions.informer);
      owners.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(keyOf(change.object), priorityOf(change));
      });
      wakeOwners({
        dependents: pods,
        owners: owners.informer,
        selector: ({ spec }) => selectorOf(spec.selector),
        enqueue: gathering(clock, enqueue),
      });
    },
    reconcile: (key) => reconcileStatefulSet(context, key),
  };
}
