/** Whether anything lives in a namespace, or of a definition: then it is not deleted, whoever made it. */
import type { CustomResourceDefinition } from '#apis/kubernetes/types.ts';
import { ResourceBindingKind } from '#apis/work/resource-binding.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import type { Source } from '../reading/inventory.ts';

const listsAtATime = 8;
/** More than a namespace is born with of any kind. */
const enough = 3;

const isList = ({ verbs }: DiscoveredResource) => verbs.includes('list') && verbs.includes('create');
/** What only tells of others, or comes and goes with them. */
const passing = new Set(['events', 'leases', 'endpoints', 'endpointslices']);
const born = new Set(['ServiceAccount default', 'ConfigMap kube-root-ca.crt', 'ConfigMap openshift-service-ca.crt']);

/** Of what is on its way out only a binding stays for long: while a cluster is away that has not let go. */
const isResident = ({ kind }: DiscoveredResource, { metadata }: KubeObject): boolean =>
  !born.has(`${kind} ${metadata.name}`) &&
  (metadata.deletionTimestamp === undefined || kind === ResourceBindingKind.kind);

/** Who lives in it, as `ConfigMap settings`; undefined when nobody does. Namespaces and definitions only. */
export async function residentOf(source: Source, home: UnstructuredObject): Promise<string | undefined> {
  if (home.kind !== 'Namespace') return instanceOf(source, home as unknown as CustomResourceDefinition);
  const resources = (await source.mapper.preferred()).filter(
    (each) => each.namespaced && isList(each) && !passing.has(each.resource),
  );
  const found = await eachLimited(resources, listsAtATime, async (resource) => {
    const items = await some(source, resource, home.metadata.name);
    const resident = items.find((item) => isResident(resource, item));
    return resident && `${resource.kind} ${resident.metadata.name}`;
  });
  return found.find((each) => each !== undefined);
}

async function instanceOf(source: Source, { spec }: CustomResourceDefinition): Promise<string | undefined> {
  const resource = await source.mapper.find({ group: spec!.group, kind: spec!.names!.kind });
  const [first] = resource ? await some(source, resource, undefined) : [];
  return first && `${resource!.kind} ${first.metadata.name}`;
}

async function some(
  { client }: Source,
  resource: DiscoveredResource,
  namespace: string | undefined,
): Promise<readonly KubeObject[]> {
  try {
    const { items } = await client.resource(resource).list({ limit: enough, ...(namespace ? { namespace } : {}) });
    return items;
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'MethodNotAllowed')) return [];
    throw error;
  }
}
