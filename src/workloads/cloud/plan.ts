/**
 * What a cloud gives: an address to each Service of type LoadBalancer and to each Ingress. Nothing listens there; the
 * statuses are what templates and dashboards look at. Pure.
 */
import type { Ingress, Service } from '#apis/kubernetes/types.ts';

/** Keeps a Service until its load balancer is gone; the name Kubernetes' service controller uses. */
const cleanupFinalizer = 'service.kubernetes.io/load-balancer-cleanup';

export const wantsLoadBalancer = ({ spec, metadata }: Service): boolean =>
  spec?.type === 'LoadBalancer' && spec.loadBalancerClass === undefined && metadata.deletionTimestamp === undefined;

type Balanced = {
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
};

export const addressOf = ({ status }: Balanced): string | undefined => status?.loadBalancer?.ingress?.[0]?.ip;

/** The first address of the range that nobody has; the one asked for where it is free. Undefined when all are given. */
export function freeAddress(range: readonly string[], taken: ReadonlySet<string>, asked?: string): string | undefined {
  if (asked !== undefined && range.includes(asked) && !taken.has(asked)) return asked;
  return range.find((address) => !taken.has(address));
}

export const balancedService = (service: Service, ip: string): Service => ({
  ...service,
  status: { ...service.status, loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } },
});

export const freedService = (service: Service): Service => ({
  ...service,
  status: { ...service.status, loadBalancer: {} },
});

export const withFinalizer = (service: Service): Service => ({
  ...service,
  metadata: { ...service.metadata, finalizers: [...(service.metadata.finalizers ?? []), cleanupFinalizer] },
});

export function withoutFinalizer(service: Service): Service {
  const { finalizers: all = [], ...metadata } = service.metadata;
  const finalizers = all.filter((each) => each !== cleanupFinalizer);
  return { ...service, metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata };
}

export const hasFinalizer = ({ metadata }: Service): boolean =>
  metadata.finalizers?.includes(cleanupFinalizer) ?? false;

/** Every class is served: manifests name the controllers of the clusters they were written for. */
export const balancedIngress = (ingress: Ingress, ip: string): Ingress => ({
  ...ingress,
  status: { ...ingress.status, loadBalancer: { ingress: [{ ip }] } },
});
