/**
 * What must have become of owners and owned when all is quiet: a model of Kubernetes' rules that knows nothing of
 * caches, watches and order.
 */

import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { isReason } from '#kube/status/status.ts';

export type Kind = TypedResource<KubeObject>;

/** `goes` and `stays` must be; `open`: two rules say different things, and it depends on who comes first. */
type Fate = 'stays' | 'goes' | 'open';

export interface Reference {
  readonly written: OwnerReference;
  /** Whose uid it is, if it is anybody's. */
  readonly owner: Thing | undefined;
  /** rightful; of a kind without a server; namespaced, in an object that is not; by another name or namespace, or to nobody. */
  readonly means: 'owner' | 'unserved' | 'outOfReach' | 'nobody';
}

export interface Thing {
  readonly kind: Kind;
  readonly object: KubeObject;
  references: readonly Reference[];
  deleted: DeleteOptions['propagationPolicy'] | undefined;
}

export async function found(client: ApiClient, kind: Kind, object: KubeObject): Promise<KubeObject | undefined> {
  try {
    return await client.resource(kind).get(nameOf(object));
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

const isGone = ({ means, owner }: Reference, gone: ReadonlySet<Thing>): boolean =>
  means === 'nobody' || (means === 'owner' && gone.has(owner!));

/** The rules once with the benefit of the doubt, once without. */
export function fates(things: readonly Thing[], isEnded: (thing: Thing) => boolean): ReadonlyMap<Thing, Fate> {
  const isOrphaned = ({ owner }: Reference) => owner?.deleted === 'Orphan';
  const spread = (follows: (references: readonly Reference[], gone: ReadonlySet<Thing>) => boolean) => {
    const gone = new Set(things.filter((thing) => thing.deleted !== undefined || isEnded(thing)));
    for (let before = -1; before !== gone.size; ) {
      before = gone.size;
      for (const thing of things) if (thing.references.length > 0 && follows(thing.references, gone)) gone.add(thing);
    }
    return gone;
  };
  const surely = spread((references, gone) => references.every((each) => !isOrphaned(each) && isGone(each, gone)));
  // An owner that leaves orphans may have been taken out of the references before or after the others went.
  const possibly = spread((references, gone) => {
    const others = references.filter((each) => each.means !== 'owner' || !isOrphaned(each));
    return others.length > 0 && others.every((each) => isGone(each, gone));
  });
  return new Map(things.map((thing) => [thing, surely.has(thing) ? 'goes' : possibly.has(thing) ? 'open' : 'stays']));
}

/** What is not as it must be, a line each. */
export async function problemsOf(
  client: ApiClient,
  things: readonly Thing[],
  isEnded: (thing: Thing) => boolean,
): Promise<readonly string[]> {
  const known = fates(things, isEnded);
  const problems: string[] = [];
  for (const thing of things) {
    const { kind, object, references } = thing;
    const fate = known.get(thing)!;
    const what = `${kind.kind} ${object.metadata.name}`;
    const live = await found(client, kind, object);
    if (!live && fate === 'stays') problems.push(`${what} is gone`);
    if (live && fate === 'goes') problems.push(`${what} is still there`);
    if (!live || fate !== 'stays') continue;
    if (live.metadata.deletionTimestamp) problems.push(`${what} is being deleted`);
    const stays = ({ means, owner }: Reference) =>
      means !== 'nobody' && (means !== 'owner' || known.get(owner!) === 'stays');
    if (references.some(({ means, owner }) => means === 'owner' && known.get(owner!) === 'open')) continue;
    const wanted = references.filter(stays).map(({ written }) => written.name);
    const held = (live.metadata.ownerReferences ?? []).map(({ name }) => name);
    if (String(held) !== String(wanted)) problems.push(`${what} refers to [${held.join()}], not to [${wanted.join()}]`);
  }
  return problems;
}
