/** What comes along with an object: what its interpreter says it needs, or all that belongs to it, read in the member. */
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { listAll } from '#client/list-all.ts';
import { closureOf } from '#interpreter/closure/closure.ts';
import { closureKinds } from '#interpreter/closure/kinds.ts';
import { closureViewOf } from '#interpreter/closure/view.ts';
import type { Dependency, Interpreter } from '#interpreter/interpreter.ts';
import { keyFor } from '#kube/meta/key.ts';
import { apiVersionOf, type GroupVersionKind, gvkOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { waveOf, waveOrder } from '../plan/waves.ts';
import { identityOf } from '../reading/identity.ts';
import type { Source } from '../reading/inventory.ts';
import type { Along } from './policy.ts';

export interface Companion {
  readonly live: UnstructuredObject;
  /** `is used by Pods of Deployment default/web`. */
  readonly because: string;
}

export interface Companions {
  /** What others need goes first. */
  readonly found: readonly Companion[];
  /** In words: what is needed and not in the member, and whether there is more than was looked for. */
  readonly missing: readonly string[];
}

/** Reads on their way at a time. */
const readsAtATime = 8;

const identity = ({ apiVersion, kind, metadata }: UnstructuredObject): string =>
  identityOf(apiVersion, kind, metadata.namespace, metadata.name!);

const titleOf = ({ kind, namespace, name }: Dependency): string => `${kind} ${keyFor(namespace, name ?? '')}`;

/** All of a kind, with the kind that items of a list do not say; nothing where the member does not serve it. */
async function listed(
  { client, mapper }: Source,
  gvk: GroupVersionKind,
  within: { readonly namespace?: string; readonly labelSelector?: string },
): Promise<readonly UnstructuredObject[]> {
  const resource = await mapper.find(gvk);
  if (!resource) return [];
  const { namespace, labelSelector } = within;
  const items = await listAll(client, resource, {
    ...(resource.namespaced && namespace ? { namespace } : {}),
    ...(labelSelector ? { labelSelector } : {}),
  });
  const type = { apiVersion: apiVersionOf(gvk), kind: gvk.kind };
  return items.map((item) => ({ ...item, ...type }) as UnstructuredObject);
}

/** The named object; undefined when it is not there, or its kind is not served. */
async function named({ client, mapper }: Source, dependency: Dependency): Promise<UnstructuredObject | undefined> {
  const { apiVersion, kind, namespace, name } = dependency;
  const resource = await mapper.find({ ...parseApiVersion(apiVersion), kind });
  if (!resource) return undefined;
  try {
    const key = { ...(resource.namespaced && namespace ? { namespace } : {}), name: name! };
    return (await client.resource(resource).get(key)) as UnstructuredObject;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** `key=value,key in (a,b)`: a selector as a list request takes it. */
function selectorText({ labelSelector }: Dependency): string {
  const { matchLabels = {}, matchExpressions = [] } = labelSelector ?? {};
  const words = { In: 'in', NotIn: 'notin' } as const;
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${words[operator as keyof typeof words]} (${values.join(',')})`;
    }),
  ].join(',');
}

interface Needed {
  readonly found: readonly UnstructuredObject[];
  readonly missing: readonly string[];
}

async function needed(member: Source, dependencies: readonly Dependency[]): Promise<Needed> {
  const parts = await eachLimited(dependencies, readsAtATime, async (dependency): Promise<Needed> => {
    if (dependency.name) {
      const object = await named(member, dependency);
      return object ? { found: [object], missing: [] } : { found: [], missing: [titleOf(dependency)] };
    }
    const { apiVersion, kind, namespace } = dependency;
    const within = { ...(namespace ? { namespace } : {}), labelSelector: selectorText(dependency) };
    return { found: await listed(member, { ...parseApiVersion(apiVersion), kind }, within), missing: [] };
  });
  return { found: parts.flatMap(({ found }) => found), missing: parts.flatMap(({ missing }) => missing) };
}

/** Rights reach across namespaces; of all else only the object's own namespace counts. */
const everywhere: ReadonlySet<GroupVersionKind> = new Set([closureKinds.roleBinding, closureKinds.role]);

/** All a closure of the object can be made of. Definitions are read only for kinds that one defines. */
async function around(member: Source, live: UnstructuredObject): Promise<readonly UnstructuredObject[]> {
  const { group, version, kind } = gvkOf(live);
  const builtin = builtinKind(group, version, kind) !== undefined;
  const kinds = Object.values(closureKinds).filter((each) => !builtin || each !== closureKinds.definition);
  const { namespace } = live.metadata;
  const lists = await eachLimited(kinds, readsAtATime, (each) =>
    listed(member, each, namespace && !everywhere.has(each) ? { namespace } : {}),
  );
  return lists.flat();
}

const inOrder = (a: Companion, b: Companion): number =>
  waveOrder(waveOf(a.live)) - waveOrder(waveOf(b.live)) || (identity(a.live) < identity(b.live) ? -1 : 1);

/** Without the object itself. */
export async function companionsOf(
  member: Source,
  live: UnstructuredObject,
  along: Along,
  interpreter: Pick<Interpreter, 'getDependencies'>,
): Promise<Companions> {
  if (along === 'nothing') return { found: [], missing: [] };
  const dependencies = await interpreter.getDependencies(live);
  const needs = await needed(member, dependencies);
  const title = `${live.kind} ${keyFor(live.metadata.namespace, live.metadata.name!)}`;
  const missing = needs.missing.map((each) => `${each}, which ${title} needs, is not there`);
  const byIdentity = new Map(needs.found.map((object) => [identity(object), object]));
  byIdentity.delete(identity(live));
  if (along === 'dependencies') {
    const found = [...byIdentity.values()].map((object) => ({ live: object, because: `is needed by ${title}` }));
    return { found: found.sort(inOrder), missing };
  }
  for (const object of await around(member, live)) byIdentity.set(identity(object), object);
  const { members, cutShort } = closureOf(live, dependencies, closureViewOf([...byIdentity.values()]));
  const found = members.flatMap(({ apiVersion, kind, namespace, name, because }) => {
    const object = byIdentity.get(identityOf(apiVersion, kind, namespace, name));
    return object ? [{ live: object, because }] : [];
  });
  return {
    found: found.sort(inOrder),
    missing: cutShort ? [...missing, `not all of it was found: ${cutShort}`] : missing,
  };
}
