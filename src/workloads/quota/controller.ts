/** ResourceQuotas: counted anew when they change, when something they count is gone, and every five minutes. */

import type { IsPast } from '#apis/kubernetes/quota/evaluator.ts';
import { type Counted, evaluatorOf, usedIn } from '#apis/kubernetes/quota/evaluators.ts';
import {
  type PersistentVolumeClaim,
  type Pod,
  type ResourceQuota,
  ResourceQuotas,
  type Service,
} from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Change } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { gathering } from '#runtime/gather.ts';
import { type Controller, done, type Enqueue, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { parseTimestamp } from '#world/clock/clock.ts';
import type { WorkloadOptions } from '../options.ts';
import { isFinished } from '../pod-state.ts';
import { managedResource } from '../resources.ts';
import type { ServedResource, ServedResources } from '../served-resources.ts';
import { priorityOf } from '../wake.ts';
import { withUsage } from './plan.ts';

const workers = 4;
/** As kube-controller-manager's --resource-quota-sync-period. */
const recountMs = 5 * 60_000;
/** Until every resource has told its objects. */
const waitMs = 1_000;

export function quotaController(options: WorkloadOptions, served: ServedResources): Controller {
  const { clock } = options;
  const quotas = managedResource(options, ResourceQuotas);
  const isPast: IsPast = (time, seconds) => clock.now() > parseTimestamp(time) + seconds * 1_000;
  return {
    name: 'resourcequota',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      quotas.informer.onChange((change) => {
        if (change.type === 'deleted') return;
        if (change.type === 'updated' && deepEqual(change.old.spec, change.object.spec)) return;
        enqueue(keyOf(change.object), priorityOf(change));
      });
      served.follow((resource, change) => onChange(quotas, resource, change, later));
    },
    reconcile: (key) => recount(quotas, served, key, isPast),
  };
}

/** Something is less than it was: quotas that count it have room again. */
function onChange(
  quotas: CachedResource<ResourceQuota>,
  { ref }: ServedResource,
  change: Change<KubeObject>,
  enqueue: Enqueue,
): void {
  const { namespace } = change.object.metadata;
  if (namespace === undefined || !replenishes(ref.group, ref.resource, change)) return;
  const known = quotas.informer.list(namespace);
  if (known.length === 0) return;
  const evaluator = evaluatorOf(ref.group, ref.resource);
  for (const quota of known) {
    if (evaluator && evaluator.matching(Object.keys(quota.spec.hard ?? {})).length > 0) enqueue(keyOf(quota));
  }
}

function replenishes(group: string, resource: string, change: Change<KubeObject>): boolean {
  if (change.type === 'deleted') return true;
  if (change.type !== 'updated' || group !== '') return false;
  const { old, object } = change;
  switch (resource) {
    case 'pods':
      return isFinished(object as Pod) && !isFinished(old as Pod);
    case 'services':
      return !deepEqual((old as Service).spec, (object as Service).spec);
    case 'persistentvolumeclaims': {
      const [before, after] = [old, object] as PersistentVolumeClaim[];
      return !deepEqual(before?.status?.allocatedResources, after?.status?.allocatedResources);
    }
    default:
      return false;
  }
}

async function recount(
  quotas: CachedResource<ResourceQuota>,
  served: ServedResources,
  key: string,
  isPast: IsPast,
): Promise<Result> {
  const quota = quotas.get(key);
  if (!quota || quota.metadata.deletionTimestamp) return done;
  // A count of what has not been told yet would be too low.
  if (!served.complete()) return requeueAfter(waitMs, 'not everything that could be counted is known yet');
  const resources = served.all().map(
    ({ ref, resource }): Counted => ({
      group: ref.group,
      resource: ref.resource,
      objects: () => resource.informer.list(quota.metadata.namespace),
    }),
  );
  const wanted = withUsage(quota, usedIn(quota, resources, isPast));
  if (wanted === quota) return requeueAfter(recountMs, 'counted again now and then');
  try {
    await quotas.updateStatus(wanted);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
  // What was being created meanwhile may be in the quota's status, and not yet in our copies of what is counted.
  return requeueAfter(waitMs, 'counted once more when everything has been told');
}
