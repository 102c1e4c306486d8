/** The order of merged lists: the patch's items as the patch has them, between the server's own as the server has them. */
import type { JsonArray, JsonValue } from '../../meta/object.ts';
import { isMap, listsOfLists, mixedTypes, noMergeKey, wrongType } from './errors.ts';
import { directive } from './fields.ts';

/** What the items of the lists are, all of them alike; undefined when there are none. Throws when they differ. */
export function elementType(...lists: readonly JsonArray[]): 'map' | 'scalar' | undefined {
  let first: string | undefined;
  for (const list of lists) {
    for (const item of list) {
      if (Array.isArray(item)) throw listsOfLists();
      const type = isMap(item) ? 'map' : item === null ? 'null' : typeof item;
      first ??= type;
      if (type !== first) throw mixedTypes(...lists);
    }
  }
  return first === undefined ? undefined : first === 'map' ? 'map' : 'scalar';
}

/** What an item is known by: its merge key's value, or itself. */
function identityOf(item: JsonValue | undefined, mergeKey: string | undefined): JsonValue | undefined {
  return mergeKey === undefined ? item : isMap(item) ? item[mergeKey] : undefined;
}

/** As identityOf, but an item without its merge key is an error. */
export function requiredIdentity(item: JsonValue, mergeKey: string | undefined): JsonValue {
  if (mergeKey === undefined) return item;
  if (!isMap(item)) throw wrongType('map', item);
  const identity = item[mergeKey];
  if (identity === undefined) throw noMergeKey(item, mergeKey);
  return identity;
}

type Positions = ReadonlyMap<JsonValue | undefined, number>;

function positionsIn(list: JsonArray, mergeKey: string | undefined): Positions {
  const positions = new Map<JsonValue | undefined, number>();
  for (const [index, item] of list.entries()) {
    const identity = requiredIdentity(item, mergeKey);
    if (!positions.has(identity)) positions.set(identity, index);
  }
  return positions;
}

/** `merged` in its final order: items named in `patchOrder` as there, the others as in `serverOrder`. */
export function inOrder(
  merged: JsonArray,
  patchOrder: JsonArray,
  serverOrder: JsonArray,
  mergeKey: string | undefined,
): JsonArray {
  const patchPositions = positionsIn(patchOrder, mergeKey);
  const serverPositions = positionsIn(serverOrder, mergeKey);
  const fromPatch: JsonValue[] = [];
  const serverOnly: JsonValue[] = [];
  for (const item of merged) {
    (patchPositions.has(requiredIdentity(item, mergeKey)) ? fromPatch : serverOnly).push(item);
  }
  return interleave(
    sorted(serverOnly, serverPositions, mergeKey),
    sorted(fromPatch, patchPositions, mergeKey),
    serverPositions,
    mergeKey,
  );
}

/** By position, stable; items that are deletions go to the end. */
function sorted(items: JsonArray, positions: Positions, mergeKey: string | undefined): JsonArray {
  const position = (item: JsonValue) => positions.get(identityOf(item, mergeKey)) ?? Number.MAX_SAFE_INTEGER;
  const isDeletion = (item: JsonValue) => isMap(item) && item[directive] === 'delete';
  const kept = items.filter((item) => !isDeletion(item)).sort((a, b) => position(a) - position(b));
  return [...kept, ...items.filter(isDeletion)];
}

/** An item of the server goes before one of the patch only where the server had both in that order. */
function interleave(
  server: JsonArray,
  patch: JsonArray,
  positions: Positions,
  mergeKey: string | undefined,
): JsonArray {
  const merged: JsonValue[] = [];
  let [i, j] = [0, 0];
  while (i < server.length && j < patch.length) {
    const mine = positions.get(identityOf(server[i], mergeKey));
    const theirs = positions.get(identityOf(patch[j], mergeKey));
    if (mine !== undefined && theirs !== undefined && mine < theirs) merged.push(server[i++]!);
    else merged.push(patch[j++]!);
  }
  return [...merged, ...patch.slice(j), ...server.slice(i)];
}

/** The scalars of a list, each once, in the order of their first appearance. */
export function distinct(list: JsonArray): JsonArray {
  return [...new Set(list)];
}

/** `list` itself when the items are the same. */
export function shared(list: JsonArray, items: JsonArray): JsonArray {
  return items.length === list.length && items.every((item, index) => item === list[index]) ? list : items;
}
