/** A Service's endpoints, in both forms. */
import type { EndpointSlice, Endpoints, Node, Pod, Service } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { type Random, suffix } from '#world/random/random.ts';
import { isNamespaceGoing } from '../pod-control.ts';
import { endpointsManagedBy, endpointsManager, sliceManagedBy, sliceManager, zoneLabel } from './names.ts';
import { backendsOf } from './plan/backends.ts';
import { wantedEndpoints } from './plan/endpoints.ts';
import { planSlices } from './plan/slices.ts';
import { hasEndpoints, podsFor } from './selection.ts';

interface Common {
  readonly services: Informer<Service>;
  readonly pods: Informer<Pod>;
  readonly clock: Clock;
}

export interface SliceContext extends Common {
  readonly slices: CachedResource<EndpointSlice>;
  readonly nodes: Informer<Node>;
  readonly random: Random;
  /** Slices by the key of their Service. */
  readonly slicesOf: (key: string) => readonly EndpointSlice[];
}

export async function reconcileSlices(context: SliceContext, key: string): Promise<Result> {
  const { services, pods, slices, nodes, clock, random } = context;
  const service = services.get(key);
  // Slices of a Service that is gone are the garbage collector's.
  if (!service || service.metadata.deletionTimestamp || !hasEndpoints(service)) return done;
  const own = context
    .slicesOf(key)
    .filter(({ metadata }) => metadata.labels?.[sliceManagedBy] === sliceManager && !metadata.deletionTimestamp);
  const plan = planSlices({
    service,
    backends: backendsOf(service, podsFor(pods, service)),
    slices: own,
    zoneOf: (nodeName) => nodes.get(nodeName)?.metadata.labels?.[zoneLabel],
    time: timestamp(clock.now()),
    nameSuffix: () => suffix(random),
  });
  await unlessGoing(async () => {
    for (const slice of plan.create) await slices.create(slice);
  });
  for (const slice of plan.update) await slices.update(slice);
  for (const slice of plan.delete) await slices.delete(slice);
  return done;
}

export interface EndpointsContext extends Common {
  readonly endpoints: CachedResource<Endpoints>;
}

export async function reconcileEndpoints(context: EndpointsContext, key: string): Promise<Result> {
  const { services, pods, endpoints, clock } = context;
  const service = services.get(key);
  const found = endpoints.get(key);
  if (!service) {
    const isOurs = found?.metadata.labels?.[endpointsManagedBy] === endpointsManager;
    if (isOurs && !found.metadata.deletionTimestamp) await endpoints.delete(found);
    return done;
  }
  if (service.metadata.deletionTimestamp || !hasEndpoints(service)) return done;
  const wanted = wantedEndpoints(service, backendsOf(service, podsFor(pods, service)), found, timestamp(clock.now()));
  if (!found) await unlessGoing(async () => void (await endpoints.create(wanted)));
  else if (wanted !== found) await endpoints.update(wanted);
  return done;
}

/** Nothing is made in a namespace that is being deleted. */
async function unlessGoing(create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!isNamespaceGoing(error) && !isReason(error, 'NotFound')) throw error;
  }
}
