/** Where a Service can be reached: no cluster network is between, so it is its ready endpoints, or an external name. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ServiceReference } from './api-service.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface ServiceObject extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly externalName?: string;
    readonly clusterIP?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  };
}

interface SliceObject extends KubeObject {
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

interface EndpointsObject extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  }[];
}

/** What a server knows of a Service. */
export interface KnownService {
  readonly service: KubeObject | undefined;
  readonly slices: readonly KubeObject[];
  readonly endpoints: KubeObject | undefined;
}

export type Resolved =
  | { readonly addresses: readonly Address[] }
  /** Reason and message of the condition, in kube-aggregator's words. */
  | { readonly reason: string; readonly message: string };

/** `service/web in "default"` */
const called = ({ namespace, name }: ServiceReference) => `service/${name} in "${namespace}"`;

export function resolveService(reference: ServiceReference, { service, slices, endpoints }: KnownService): Resolved {
  const { namespace, name, port } = reference;
  if (!service) return { reason: 'ServiceNotFound', message: `${called(reference)} is not present` };
  const { type = 'ClusterIP', externalName = '', ports = [], clusterIP } = (service as ServiceObject).spec ?? {};
  if (type === 'ExternalName') return { addresses: [{ host: externalName, port }] };
  const found = ports.find((each) => each.port === port);
  if (!found) return { reason: 'ServicePortError', message: `${called(reference)} is not listening on port ${port}` };
  const portName = found.name ?? '';
  if (slices.length === 0 && !endpoints)
    return {
      reason: 'EndpointsNotFound',
      message: `cannot find endpointslices for service/${name} in "${namespace}"`,
    };
  const addresses = [...inSlices(slices as readonly SliceObject[], portName), ...inEndpoints(endpoints, portName)];
  if (addresses.length > 0) return { addresses: distinct(addresses) };
  // kube-aggregator would go by the cluster IP; nothing is behind it without endpoints.
  return {
    reason: 'MissingEndpoints',
    message: `endpointslices for service/${name} in "${namespace}" have no addresses with port name "${portName}"${
      clusterIP === 'None' ? ' (a headless Service)' : ''
    }`,
  };
}

function* inSlices(slices: readonly SliceObject[], portName: string): Generator<Address> {
  for (const { endpoints = [], ports = [] } of slices) {
    const port = ports.find(({ name = '' }) => name === portName)?.port;
    if (port === undefined) continue;
    for (const { addresses = [], conditions } of endpoints) {
      if (conditions?.ready === false) continue;
      for (const host of addresses) yield { host, port };
    }
  }
}

function* inEndpoints(endpoints: KubeObject | undefined, portName: string): Generator<Address> {
  for (const { addresses = [], ports = [] } of (endpoints as EndpointsObject | undefined)?.subsets ?? []) {
    const port = ports.find(({ name = '' }) => name === portName)?.port;
    if (port !== undefined) for (const { ip } of addresses) yield { host: ip, port };
  }
}

const distinct = (addresses: readonly Address[]): readonly Address[] => [
  ...new Map(addresses.map((each) => [`${each.host} ${each.port}`, each])).values(),
];
