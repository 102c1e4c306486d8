/** WorkloadRebalancers: each has its workloads' bindings scheduled anew, tells how that went, and goes in its time. */
import { type WorkloadRebalancer, WorkloadRebalancerKind } from '#apis/apps/workload-rebalancer.ts';
import { bindingNameFor } from '#apis/names/objects.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import { type Controller, done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { deletedInMs, mustTrigger, type Observed, observedIn, resultOf, statusAfter, type Workload } from './plan.ts';

export interface RebalanceOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly clock: Clock;
}

interface Context extends RebalanceOptions {
  readonly rebalancers: CachedResource<WorkloadRebalancer>;
}

export function rebalanceController(options: RebalanceOptions): Controller {
  const { client, informers } = options;
  const rebalancers = cachedResource<WorkloadRebalancer>(client, informers, WorkloadRebalancerKind);
  return {
    name: 'workloadRebalancer',
    workers: 1,
    setUp: (enqueue) => {
      rebalancers.informer.onChange((change) => {
        if (change.type === 'deleted') return;
        if (change.type === 'updated' && deepEqual(change.old.spec, change.object.spec)) return;
        enqueue(keyOf(change.object));
      });
    },
    reconcile: (key) => rebalance({ ...options, rebalancers }, key),
  };
}

async function rebalance(context: Context, key: string): Promise<Result> {
  const { rebalancers, clock } = context;
  const rebalancer = rebalancers.get(key);
  if (!rebalancer || rebalancer.metadata.deletionTimestamp) return done;
  const createdAt = rebalancer.metadata.creationTimestamp!;
  const items: Observed[] = [];
  const errors: unknown[] = [];
  for (const item of observedIn(rebalancer)) {
    if (item.result !== undefined) {
      items.push(item);
      continue;
    }
    try {
      items.push(resultOf(item, (await trigger(context, item.workload, createdAt)) ? 'Successful' : 'NotFound'));
    } catch (error) {
      errors.push(error);
      items.push(resultOf(item, 'again'));
    }
  }
  const status = statusAfter(rebalancer, items, timestamp(clock.now()));
  const told = status === rebalancer.status ? rebalancer : await rebalancers.updateStatus({ ...rebalancer, status });
  if (errors.length > 0) throw errors[0];
  const leftMs = deletedInMs(told, clock.now());
  if (leftMs === undefined) return done;
  if (leftMs > 0) return requeueAfter(leftMs, 'it is deleted after its time');
  await rebalancers.delete(told);
  return done;
}

/** False when the workload has no binding. Read live: a result is final. */
async function trigger({ client }: Context, workload: Workload, createdAt: string): Promise<boolean> {
  const { namespace, kind, name } = workload;
  const bindings = client.resource<Binding>(bindingKindFor(namespace) as TypedResource<Binding>);
  try {
    const key = { ...(namespace ? { namespace } : {}), name: bindingNameFor(kind, name) };
    const binding = await bindings.get(key);
    if (mustTrigger(binding.spec.rescheduleTriggeredAt, createdAt)) {
      await bindings.update({ ...binding, spec: { ...binding.spec, rescheduleTriggeredAt: createdAt } } as Binding);
    }
    return true;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}
