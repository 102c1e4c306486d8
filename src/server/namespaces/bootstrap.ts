/** What every cluster is born with: its namespaces, the two system priority classes, and the way to its API server. */
import { deepEqual } from '#kube/meta/equal.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { ApiRequest, Verb } from '#kube/request/request.ts';
import type { Registry, Scope } from '../registry/context.ts';
import { create } from '../registry/write/create.ts';
import { mainDoor } from '../registry/write/door.ts';
import { updateWith } from '../registry/write/update.ts';
import {
  type ApiEndpoint,
  kubernetesEndpointSlice,
  kubernetesEndpoints,
  kubernetesService,
} from '../services/kubernetes-service.ts';
import { defaultNamespaces } from './names.ts';

type Wanted = UnstructuredObject;

const namespace = (name: string): Wanted => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const priorityClass = (name: string, value: number, description: string): Wanted => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  description,
});

const priorityClasses: readonly Wanted[] = [
  priorityClass(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ),
  priorityClass(
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ),
];

/** Creates what is missing. */
export async function bootstrap(registry: Registry): Promise<void> {
  for (const name of defaultNamespaces) await ensure(registry, namespace(name));
  for (const wanted of priorityClasses) await ensure(registry, wanted);
}

/** Points `default/kubernetes` to where the server listens now. */
export async function advertise(registry: Registry, serviceCidr: string, endpoint: ApiEndpoint): Promise<void> {
  await ensure(registry, kubernetesService(serviceCidr, endpoint), portsFrom);
  // Endpoints never are loopback addresses: a Pod's own loopback is not the server's.
  if (endpoint.address.startsWith('127.')) return;
  await ensure(
    registry,
    kubernetesEndpoints(endpoint),
    (wanted, found) => ({ ...found, subsets: wanted.subsets }) as Wanted,
  );
  await ensure(registry, kubernetesEndpointSlice(endpoint), ({ endpoints, ports }, found) => {
    return { ...found, endpoints, ports } as Wanted;
  });
}

/** The address of the Service stays what it was; clients have it in their environment. */
function portsFrom(wanted: Wanted, found: Wanted): Wanted {
  const { ports } = wanted.spec as JsonObject;
  return { ...found, spec: { ...(found.spec as JsonObject), ports } } as Wanted;
}

type Settle = (wanted: Wanted, found: Wanted) => Wanted;

/** A kind this server does not serve is left out. */
async function ensure(registry: Registry, wanted: Wanted, settle?: Settle): Promise<void> {
  const scope = scopeFor(registry, wanted, 'create');
  if (!scope) return;
  const named = { ...scope, name: wanted.metadata.name ?? '' };
  const found = registry.storage.get(named) as Wanted | undefined;
  if (!found) await create(registry, scope);
  else if (settle && !deepEqual(settle(wanted, found), found)) {
    await updateWith(registry, named, mainDoor, (old) => ({ object: settle(wanted, old as Wanted) }));
  }
}

/** The server itself asks. */
function scopeFor(registry: Registry, wanted: Wanted, verb: Verb): Scope | undefined {
  const { group, version } = parseApiVersion(wanted.apiVersion);
  const served = registry.kinds.byKind(group, version, wanted.kind);
  if (!served) return undefined;
  const { namespace = '' } = wanted.metadata;
  const request: ApiRequest = {
    verb,
    path: { group, version, resource: served.definition.resource, ...(namespace ? { namespace } : {}) },
    user: { name: 'system:apiserver', groups: ['system:masters'] },
    options: {},
    body: wanted,
    userAgent: 'kube-apiserver',
  };
  return { request, served, namespace, name: '', dryRun: false, warnings: [] };
}
