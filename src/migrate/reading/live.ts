/** The member's objects that a plan is about, as they are now: read one by one where they are few, by lists where many. */
import { listAll } from '#client/list-all.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import type { PlannedObject } from '../model.ts';
import { identityOf } from './identity.ts';
import type { Source } from './inventory.ts';

/** Up to so many of a kind and namespace are read one by one: a list may hold much else. */
const mostGets = 8;
const atATime = 16;

/** As much of an object as finds it. */
type Named = Pick<PlannedObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

export const identityOfPlanned = ({ apiVersion, kind, namespace, name }: Named): string =>
  identityOf(apiVersion, kind, namespace, name);

type Live = ReadonlyMap<string, UnstructuredObject>;

/** By identity; what is not there is not in it. */
export async function readLive(source: Source, objects: readonly Named[]): Promise<Live> {
  const groups = new Map<string, Named[]>();
  for (const object of objects) {
    const key = `${object.apiVersion}/${object.kind} ${object.namespace ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(object);
    else groups.set(key, [object]);
  }
  const found = new Map<string, UnstructuredObject>();
  const few = [...groups.values()].filter((group) => group.length <= mostGets).flat();
  const many = [...groups.values()].filter((group) => group.length > mostGets);
  await eachLimited(few, atATime, async (object) => {
    const live = await readOne(source, object);
    if (live) found.set(identityOfPlanned(object), live);
  });
  await eachLimited(many, atATime, async (group) => {
    const wanted = new Set(group.map(identityOfPlanned));
    await readPages(source, group[0]!, (live, identity) => {
      if (wanted.has(identity)) found.set(identity, live);
    });
  });
  return found;
}

const kindOfPlanned = (object: Named): GroupVersionKind => gvkOf(object);

async function readOne({ client, mapper }: Source, object: Named): Promise<UnstructuredObject | undefined> {
  try {
    const resource = await mapper.find(kindOfPlanned(object));
    if (!resource) return undefined;
    const { namespace, name, apiVersion, kind } = object;
    const live = await client.resource(resource).get({ ...(namespace ? { namespace } : {}), name });
    return { ...live, apiVersion, kind } as UnstructuredObject;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function readPages(
  { client, mapper }: Source,
  sample: Named,
  each: (live: UnstructuredObject, identity: string) => void,
): Promise<void> {
  const { apiVersion, kind, namespace } = sample;
  const resource = await mapper.find(kindOfPlanned(sample));
  if (!resource) return;
  for (const item of await listAll(client, resource, namespace ? { namespace } : {})) {
    const live = { ...item, apiVersion, kind } as UnstructuredObject;
    each(live, identityOf(apiVersion, kind, live.metadata.namespace, live.metadata.name!));
  }
}
