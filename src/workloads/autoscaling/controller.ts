/** HorizontalPodAutoscalers, the wiring: each when it changes, and every 15 seconds. */
import { HorizontalPodAutoscalers, Pods } from '#apis/kubernetes/types.ts';
import { PodMetricsKind } from '#apis/metrics/usage.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { components } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { priorityOf } from '../wake.ts';
import { type AutoscalerContext, reconcileAutoscaler } from './reconcile.ts';

const workers = 4;

export function autoscalingController(options: WorkloadOptions, mapper: RestMapper): Controller {
  const { client, informers, clock } = options;
  const autoscalers = managedResource(options, HorizontalPodAutoscalers);
  const context: AutoscalerContext = {
    client,
    mapper,
    autoscalers,
    pods: informers.informer(Pods),
    events: options.events(components.autoscaler),
    clock,
    memories: new Map(),
    measured: async (namespace, labelSelector) =>
      (await client.resource(PodMetricsKind).list({ namespace, labelSelector })).items,
  };
  return {
    name: 'horizontal-pod-autoscaling',
    workers,
    setUp: (enqueue) => {
      autoscalers.informer.onChange((change) => {
        // Its own word about itself is no reason to look; the kind counts no generation.
        const told = change.type === 'updated' && deepEqual(change.old.spec, change.object.spec);
        if (!told) enqueue(keyOf(change.object), priorityOf(change));
      });
    },
    reconcile: (key) => reconcileAutoscaler(context, key),
  };
}
