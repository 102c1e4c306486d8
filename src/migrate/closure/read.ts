/** Objects of any cluster by their names; a kind that may not be read is told, and the others go on. */
import { groupKind } from '#interpreter/closure/kinds.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { type Inventory, isUnreadable, type Source } from '../reading/inventory.ts';
import { readLive } from '../reading/live.ts';
import { keyOfObject, type Named } from './named.ts';

const kindsAtATime = 4;

/** By `keyOfNamed`; what is not there is not in it. */
export async function readNamed(
  source: Source,
  names: readonly Named[],
  unread: Inventory['unread'][number][],
): Promise<ReadonlyMap<string, UnstructuredObject>> {
  const kinds = [...Map.groupBy(names, (named) => groupKind(gvkOf(named))).entries()];
  const found = await eachLimited(kinds, kindsAtATime, async ([resource, some]) => {
    try {
      return [...(await readLive(source, some)).values()];
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unread.push({ resource, why: (error as Error).message });
      return [];
    }
  });
  return new Map(found.flat().map((object) => [keyOfObject(object), object]));
}
