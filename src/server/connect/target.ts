/** Where a proxied request goes: the names in its path brought to an address, as kube-apiserver does. */
import type { Pod, Service } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { badRequest, notFound, serviceUnavailable } from '#kube/status/errors.ts';
import type { Random } from '#world/random/random.ts';
import type { Storage } from '../registry/storage.ts';

export interface ProxyName {
  readonly scheme: 'http' | 'https';
  readonly name: string;
  /** '' for none; a number, or a name of a Service's port. */
  readonly port: string;
}

/** `name`, `name:port` or `scheme:name:port`. Throws BadRequest: `invalid pod request "a:b:c:d"`. */
export function proxyName(id: string, kind: string): ProxyName {
  const parts = id.split(':');
  const [scheme, name, port] = parts.length === 3 ? parts : ['', parts[0], parts[1] ?? ''];
  const known = scheme === '' || scheme === 'http' || scheme === 'https';
  if (parts.length > 3 || !name || !known) throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port: port ?? '' };
}

export interface Address {
  readonly ip: string;
  readonly port: number;
}

const defaultPorts = { http: 80, https: 443 } as const;

/** Throws BadRequest for a Pod without an address, and for a port that is no number. */
export function podAddress(pod: Pod, { scheme, port }: ProxyName): Address {
  const ip = pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP;
  if (!ip) throw badRequest('address not allowed');
  const declared = pod.spec.containers.find(({ ports }) => ports && ports.length > 0)?.ports?.[0]?.containerPort;
  const wanted = port === '' ? (declared ?? defaultPorts[scheme]) : Number(port);
  return { ip, port: wanted };
}

interface Endpoints extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly {
      readonly ip: string;
      readonly targetRef?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
    }[];
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  }[];
}

export type FindObject = Pick<Storage, 'find'>;

/** A ready Pod behind the Service, by chance. Throws NotFound or ServiceUnavailable. */
export function serviceAddress(
  storage: FindObject,
  namespace: string,
  id: string,
  { name, port }: ProxyName,
  random: Random,
): Address {
  const service = storage.find('services', namespace, name) as Service | undefined;
  const portName = namedPort(service, name, port);
  const found = storage.find('endpoints', namespace, name) as Endpoints | undefined;
  if (!found) throw notFound({ group: '', resource: 'services' }, name);
  const subsets = found.subsets ?? [];
  if (subsets.length === 0) throw serviceUnavailable(`no endpoints available for service "${name}"`);
  const candidates = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports
      .filter((each) => (each.name ?? '') === portName)
      .flatMap((each) =>
        addresses.filter((address) => isPod(storage, namespace, address)).map(({ ip }) => ({ ip, port: each.port })),
      ),
  );
  const chosen = candidates[Math.floor(random.next() * candidates.length)];
  if (!chosen) throw serviceUnavailable(`no endpoints available for service "${id}"`);
  return chosen;
}

/** A port number is the Service's own: its name leads to the endpoints' ports. */
function namedPort(service: Service | undefined, name: string, port: string): string {
  if (!/^\d+$/.test(port)) return port;
  if (!service) throw notFound({ group: '', resource: 'services' }, name);
  const declared = service.spec?.ports?.find((each) => each.port === Number(port));
  if (!declared) throw serviceUnavailable(`no service port ${port} found for service "${name}"`);
  return declared.name ?? '';
}

/** Only addresses that a Pod of the namespace really has: an endpoint is what anybody wrote into it. */
function isPod(
  storage: FindObject,
  namespace: string,
  { ip, targetRef }: NonNullable<NonNullable<Endpoints['subsets']>[number]['addresses']>[number],
): boolean {
  if (!targetRef?.name || targetRef.namespace !== namespace) return false;
  const pod = storage.find('pods', namespace, targetRef.name) as Pod | undefined;
  return pod?.status?.podIPs?.some((each) => each.ip === ip) ?? pod?.status?.podIP === ip;
}
