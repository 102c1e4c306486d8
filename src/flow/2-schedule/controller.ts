/** Step 2, the wiring: bindings by generation, and all that a changed cluster could concern. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { ClusterKind } from '#apis/cluster/cluster.ts';
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { reconcileBinding } from './reconcile.ts';

export interface SchedulerOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly schedulerName: string;
}

/** Decisions are quick and writes wait for the API server: as many at a time as keep it busy. */
const workers = 8;

/** What of a cluster the scheduler looks at. */
const seen = ({ metadata, spec, status }: Cluster) => ({
  labels: metadata.labels,
  deleted: metadata.deletionTimestamp,
  spec,
  apiEnablements: status?.apiEnablements,
});

const clusterMatters = (change: Change<Cluster>): boolean =>
  change.type !== 'updated' || !deepEqual(seen(change.old), seen(change.object));

const isScheduled = (binding: Binding) => isConditionTrue(binding.status?.conditions, 'Scheduled');

/**
 * What a binding asks for is its spec. Our own word of failure is looked at again all the same: one whose writing was
 * not answered may come after the success that followed it.
 */
const matters = (old: Binding, binding: Binding): boolean =>
  old.metadata.generation !== binding.metadata.generation || (isScheduled(old) && !isScheduled(binding));

/** One controller for each kind of binding, with one queue each. */
export function schedulerControllers(options: SchedulerOptions): readonly Controller[] {
  return bindingKinds.map((kind) => {
    const bindings = cachedResource<Binding>(options.client, options.informers, kind as TypedResource<Binding>);
    const clusters = options.informers.informer<Cluster>(ClusterKind);
    const context = { ...options, bindings, clusters };
    return {
      name: kind.namespaced ? 'scheduler' : 'cluster-scheduler',
      workers,
      setUp: (enqueue) => {
        bindings.informer.onChange((change) => {
          if (change.type === 'deleted') return;
          if (change.type === 'updated' && !matters(change.old, change.object)) return;
          enqueue(keyOf(change.object), change.initial ? 'low' : 'high');
        });
        clusters.onChange((change) => {
          if (!clusterMatters(change)) return;
          for (const binding of bindings.informer.list()) enqueue(keyOf(binding), 'low');
        });
      },
      reconcile: (key) => reconcileBinding(context, key),
    };
  });
}
