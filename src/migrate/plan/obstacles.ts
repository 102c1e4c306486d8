/** What the control plane has already that stands in an object's way. */
import { clusterPolicyName, policyName, policyNamespace } from '#apis/names/annotations.ts';
import { bindingNameFor } from '#apis/names/objects.ts';
import { claimOf } from '#apis/policy/claim.ts';
import type { ApiClient } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { apiVersionOf, type GroupVersionKind } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { planLabel } from '../policies.ts';
import { identityOf } from '../reading/identity.ts';
import { isUnreadable, type Source } from '../reading/inventory.ts';

/** Lists on their way at a time. */
const kindsAtATime = 8;

/** What a lookup of a template in the control plane finds; undefined: none. */
export type Obstacles = (object: KubeObject) => KubeObject | undefined;

export const isNamespace = ({ apiVersion, kind }: KubeObject): boolean => apiVersion === 'v1' && kind === 'Namespace';

/** Never to delete it: all that is in it would go, in every cluster. */
const namespaceAdvice =
  'what is in it can be taken over all the same; to have one that says the same, change it there and plan again';

/** Why not; undefined where the way is free. Templates of the same plan are its own, from an earlier apply. */
export function standsInTheWay(found: KubeObject | undefined, plan: string): string | undefined {
  if (!found || found.metadata.labels?.[planLabel] === plan) return undefined;
  const claim = claimOf(found);
  const { namespace, name } = found.metadata;
  const template = `the control plane has a template ${found.kind} ${namespace ? `${namespace}/` : ''}${name} already`;
  if (!claim && isNamespace(found)) return `${template}; ${namespaceAdvice}`;
  if (!claim) return `${template}; delete it there, or leave this object out with --kinds or -l`;
  const { [policyNamespace]: ns, [policyName]: own, [clusterPolicyName]: wide } = found.metadata.annotations ?? {};
  return `${template}, and ${claim.kind} ${own ? `${ns}/${own}` : wide} has it`;
}

/**
 * Two objects whose bindings would have one name: bindings are named after name and kind, and say nothing of the
 * group. The first in order of their groups is taken.
 */
export function sharedNames(objects: readonly KubeObject[]): ReadonlyMap<KubeObject, KubeObject> {
  const first = new Map<string, KubeObject>();
  const taken = new Map<KubeObject, KubeObject>();
  for (const object of [...objects].sort((a, b) => (a.apiVersion < b.apiVersion ? -1 : 1))) {
    const key = `${object.metadata.namespace ?? ''}/${bindingNameFor(object.kind, object.metadata.name!)}`;
    const other = first.get(key);
    if (other) taken.set(object, other);
    else first.set(key, object);
  }
  return taken;
}

async function shown(
  client: ApiClient,
  resource: DiscoveredResource,
  unread: (why: string) => void,
): Promise<readonly KubeObject[]> {
  try {
    return await listAll(client, resource);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    unread((error as Error).message);
    return [];
  }
}

/** A read of the control plane's templates by kind, each kind once; `unread` is told of those that it does not show. */
export async function controlPlaneObstacles(
  { client, mapper }: Source,
  kinds: readonly GroupVersionKind[],
  unread: (kind: string, why: string) => void,
): Promise<Obstacles> {
  const found = new Map<string, KubeObject>();
  await eachLimited(kinds, kindsAtATime, async (gvk) => {
    const resource = await mapper.find(gvk);
    if (!resource) return;
    const type = { apiVersion: apiVersionOf(gvk), kind: gvk.kind };
    for (const { metadata } of await shown(client, resource, (why) => unread(gvk.kind, why))) {
      // Who has it is all that is asked; they may be many.
      const { managedFields: _, ...kept } = metadata;
      found.set(identityOf(type.apiVersion, type.kind, metadata.namespace, metadata.name!), {
        ...type,
        metadata: kept,
      });
    }
  });
  return ({ apiVersion, kind, metadata }) =>
    found.get(identityOf(apiVersion, kind, metadata.namespace, metadata.name!));
}

interface Definition {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

/** Whether one of these objects is a definition by which a kind is known. */
export function definedBy(objects: readonly KubeObject[]): (kind: GroupVersionKind) => boolean {
  const kinds = new Set(
    objects.filter(isDefinition).flatMap((each) => {
      const { group, names, versions } = (each as unknown as { readonly spec: Definition }).spec;
      return versions.flatMap(({ name, served }) => (served ? [`${group}/${name} ${names.kind}`] : []));
    }),
  );
  return ({ group, version, kind }) => kinds.has(`${group}/${version} ${kind}`);
}

const isDefinition = ({ apiVersion, kind }: KubeObject): boolean =>
  apiVersion === 'apiextensions.k8s.io/v1' && kind === 'CustomResourceDefinition';

/** Its templates would be refused. */
export const unknownKind = ({ group, version, kind }: GroupVersionKind): string =>
  `the control plane does not know ${kind} of ${apiVersionOf({ group, version })}: take its definition over with it (--with-closure), or create it there first`;
