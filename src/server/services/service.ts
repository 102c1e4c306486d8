/** What the allocators read of a Service, and what they write into one. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';

export interface ServicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly nodePort?: number;
}

export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly ServicePort[];
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly allocateLoadBalancerNodePorts?: boolean;
}

const nothing: ServiceSpec = {};

export const specOf = (service: KubeObject | undefined): ServiceSpec =>
  ((service as UnstructuredObject | undefined)?.spec as ServiceSpec | undefined) ?? nothing;

export const withSpec = (service: KubeObject, spec: ServiceSpec): KubeObject =>
  specOf(service) === spec ? service : ({ ...service, spec } as KubeObject);

export const headless = 'None';

export const needsClusterIp = (spec: ServiceSpec): boolean => spec !== nothing && spec.type !== 'ExternalName';

/** LoadBalancers may do without node ports. */
export const needsNodePorts = ({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);

export const needsHealthPort = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** Cluster IPs this Service holds. */
export function clusterIpsOf(spec: ServiceSpec): readonly string[] {
  if (!needsClusterIp(spec)) return [];
  const addresses = spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []);
  return addresses.filter((address) => address !== '' && address !== headless);
}

/** Node ports this Service holds; one number may serve several protocols of the same Service. */
export function nodePortsOf(spec: ServiceSpec): readonly number[] {
  const ports = (spec.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
  return [...new Set(spec.healthCheckNodePort ? [...ports, spec.healthCheckNodePort] : ports)];
}
