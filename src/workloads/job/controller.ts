/** Jobs, the wiring: their own changes, their Pods' at the end of the turn, and Pods whose Job is gone. */
import { Jobs } from '#apis/kubernetes/types.ts';
import { keyOf } from '#kube/meta/key.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { gathering } from '#runtime/gather.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { controlledBy, indexByController } from '../ownership.ts';
import { podControl } from '../pod-control.ts';
import { components } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { ownerIn, priorityOf, refersTo, wakeOwners } from '../wake.ts';
import { isTracked } from './plan/pod.ts';
import { type JobContext, reconcileJob, releaseOrphan } from './reconcile.ts';

const workers = 8;

/** Marks the key of a Pod among those of Jobs; no namespace begins so. */
const orphanMark = '!';

export function jobController(options: WorkloadOptions): Controller {
  const { clock, random } = options;
  const events = options.events(components.job);
  const jobs = managedResource(options, Jobs);
  const control = podControl({ ...options, events });
  const context: JobContext = { jobs, control, events, clock, random };
  const pods = control.pods.informer;
  return {
    name: 'job',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      indexByController(pods);
      jobs.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(keyOf(change.object), priorityOf(change));
        else for (const pod of controlledBy(pods, change.object)) later(`${orphanMark}${keyOf(pod)}`);
      });
      wakeOwners({
        dependents: pods,
        owners: jobs.informer,
        selector: ({ spec }) => selectorOf(spec.selector),
        enqueue: later,
      });
      pods.onChange((change) => {
        const { object } = change;
        if (change.type === 'deleted' || !isTracked(object)) return;
        const reference = controllerOf(object);
        const isLeft =
          !reference ||
          (refersTo(reference, jobs.informer as never) &&
            !ownerIn(jobs.informer, object.metadata.namespace, reference));
        if (isLeft) later(`${orphanMark}${keyOf(object)}`, priorityOf(change));
      });
    },
    reconcile: (key) =>
      key.startsWith(orphanMark) ? releaseOrphan(context, key.slice(orphanMark.length)) : reconcileJob(context, key),
  };
}
