/** Services, the wiring: their own changes, those of the Pods they select, and of what was made for them. */
import {
  type EndpointSlice,
  EndpointSlices,
  EndpointsObjects,
  Nodes,
  type Pod,
  Pods,
  type Service,
  Services,
} from '#apis/kubernetes/types.ts';
import type { Indexer, Informer } from '#client/informer/informer.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { gathering } from '#runtime/gather.ts';
import type { Controller, Enqueue } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { managedResource } from '../resources.ts';
import { priorityOf } from '../wake.ts';
import { serviceName } from './names.ts';
import { reconcileEndpoints, reconcileSlices, type SliceContext } from './reconcile.ts';
import { indexSelection, servicesTouched } from './selection.ts';

const workers = 8;

const byServiceName = 'service';

const keyOfService = ({ metadata }: EndpointSlice): string | undefined => {
  const name = metadata.labels?.[serviceName];
  return name ? keyFor(metadata.namespace, name) : undefined;
};

const byService: Indexer<EndpointSlice> = (slice) => {
  const key = keyOfService(slice);
  return key ? [key] : [];
};

/** Both controllers look again for the same reasons. */
function wakeOnServicesAndPods(
  services: Informer<Service>,
  pods: Informer<Pod>,
  enqueue: Enqueue,
  later: Enqueue,
): void {
  indexSelection(services, pods);
  services.onChange((change) => enqueue(keyOf(change.object), priorityOf(change)));
  pods.onChange((change) => {
    for (const service of servicesTouched(services, change)) later(keyOf(service), priorityOf(change));
  });
}

export function endpointSliceController(options: WorkloadOptions): Controller {
  const { informers, clock, random } = options;
  const slices = managedResource(options, EndpointSlices);
  const context: SliceContext = {
    services: informers.informer(Services),
    pods: informers.informer(Pods),
    nodes: informers.informer(Nodes),
    slices,
    slicesOf: (key) => slices.informer.byIndex(byServiceName, key),
    clock,
    random,
  };
  return {
    name: 'endpointslice',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      slices.informer.addIndex(byServiceName, byService);
      wakeOnServicesAndPods(context.services, context.pods, enqueue, later);
      slices.informer.onChange((change) => {
        const key = keyOfService(change.object);
        if (key && change.type !== 'added') later(key);
      });
    },
    reconcile: (key) => reconcileSlices(context, key),
  };
}

export function endpointsController(options: WorkloadOptions): Controller {
  const { informers, clock } = options;
  const endpoints = managedResource(options, EndpointsObjects);
  const [services, pods] = [informers.informer(Services), informers.informer(Pods)];
  return {
    name: 'endpoint',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      wakeOnServicesAndPods(services, pods, enqueue, later);
      endpoints.informer.onChange((change) => {
        // At the start those are looked at whose Service went while nobody looked.
        if (change.type !== 'added' || change.initial) later(keyOf(change.object), priorityOf(change));
      });
    },
    reconcile: (key) => reconcileEndpoints({ services, pods, endpoints, clock }, key),
  };
}
