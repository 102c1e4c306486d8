/** Where a webhook behind a Service is reached from here: the Service's external name, or one of its endpoints. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { Storage } from '../../registry/storage.ts';
import type { ResolveService } from './call.ts';

interface ServicePort {
  readonly name?: string;
  readonly port: number;
}

interface ServiceSpec {
  readonly type?: string;
  readonly externalName?: string;
  readonly ports?: readonly ServicePort[];
}

interface Slice extends KubeObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

const serviceLabel = 'kubernetes.io/service-name';

/** Throws what kube-apiserver's aggregated resolver says. */
export const serviceResolver =
  (storage: Storage): ResolveService =>
  ({ namespace, name, port = 443 }) => {
    const service = storage.find('services', namespace, name) as UnstructuredObject | undefined;
    if (!service) throw new Error(`service ${JSON.stringify(name)} not found`);
    const { type, externalName, ports = [] } = (service.spec ?? {}) as ServiceSpec;
    if (type === 'ExternalName') return `${externalName}:${port}`;
    const served = ports.find((candidate) => candidate.port === port);
    if (!served) throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
    const slices = storage.list('discovery.k8s.io/endpointslices', namespace).items as readonly Slice[];
    for (const slice of slices) {
      if (slice.metadata.labels?.[serviceLabel] !== name) continue;
      const target = slice.ports?.find((candidate) => (candidate.name ?? '') === (served.name ?? ''))?.port;
      const endpoint = slice.endpoints?.find(({ conditions }) => conditions?.ready !== false);
      const address = endpoint?.addresses[0];
      if (target !== undefined && address) return `${address.includes(':') ? `[${address}]` : address}:${target}`;
    }
    throw new Error(`no endpoints available for service ${JSON.stringify(name)}`);
  };
