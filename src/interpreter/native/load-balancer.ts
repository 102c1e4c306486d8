/** Service and Ingress: only what a load balancer answered is status; the whole is the union of all clusters'. */
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { ingressDependencies } from './dependencies.ts';

interface Entry extends JsonObject {
  readonly ip?: string;
  readonly hostname?: string;
}

const entriesOf = (status: unknown): readonly Entry[] =>
  (status as { loadBalancer?: { ingress?: readonly Entry[] } } | undefined)?.loadBalancer?.ingress ?? [];

const isLoadBalancer = (service: UnstructuredObject) =>
  (service.spec as { type?: string } | undefined)?.type === 'LoadBalancer';

/** Each address once, in a fixed order, whatever the order the clusters are reported in. */
function union(items: readonly AggregatedStatusItem[]): readonly Entry[] {
  const byText = new Map<string, Entry>();
  for (const item of items) for (const entry of entriesOf(item.status)) byText.set(JSON.stringify(entry), entry);
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function aggregate(template: UnstructuredObject, items: readonly AggregatedStatusItem[]): JsonObject | undefined {
  const ingress = union(items);
  const old = template.status as JsonObject | undefined;
  if (JSON.stringify(entriesOf(old)) === JSON.stringify(ingress)) return old;
  return { ...old, loadBalancer: ingress.length > 0 ? { ingress } : {} };
}

const addressed = (observed: UnstructuredObject) =>
  entriesOf(observed.status).some((entry) => entry.ip !== undefined || entry.hostname !== undefined);

/** Cluster IPs and the health-check port are the member's own. */
function retainService(desired: UnstructuredObject, observed: UnstructuredObject): UnstructuredObject {
  const live = (observed.spec ?? {}) as Readonly<Record<string, unknown>>;
  const kept = Object.fromEntries(
    ['clusterIP', 'clusterIPs', 'healthCheckNodePort'].filter((key) => live[key]).map((key) => [key, live[key]]),
  );
  const wanted = (desired.spec ?? {}) as Readonly<Record<string, unknown>>;
  return { ...desired, spec: { ...wanted, ...kept } };
}

export const serviceInterpreter: KindInterpreter = {
  retain: retainService,
  reflectStatus: (service) => (isLoadBalancer(service) ? (service.status as JsonObject | undefined) : undefined),
  interpretHealth: (service) => (!isLoadBalancer(service) || addressed(service) ? 'Healthy' : 'Unhealthy'),
  aggregateStatus: (service, items) =>
    isLoadBalancer(service) ? aggregate(service, items) : (service.status as JsonObject | undefined),
};

export const ingressInterpreter: KindInterpreter = {
  interpretHealth: (ingress) => (addressed(ingress) ? 'Healthy' : 'Unhealthy'),
  aggregateStatus: aggregate,
  getDependencies: ingressDependencies,
};
