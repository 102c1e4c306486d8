/** Taking fields out of a value, and taking only some fields of it. Copy-on-write. */
import { elementKinds } from '#kube/fields/element.ts';
import { emptyFieldSet, type FieldEntry, type FieldSet, findEntry } from '#kube/fields/node.ts';
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { duplicatesIn } from './field-set.ts';
import {
  isList,
  isMap,
  type ListType,
  leafOfItem,
  type MapType,
  objectType,
  restOf,
  shapeOf,
  type Type,
} from './type.ts';

/** What becomes of a map or list that loses everything: it goes too, or null stands where it was. */
type Emptied = null | undefined;

/**
 * The object without the members of `set` and all that lies below them. A map or list that loses everything goes too.
 * The same reference when nothing is removed.
 */
export const removeItems = <T>(schema: Schema, object: T, set: FieldSet): T =>
  (removeBelow(objectType(schema), object as JsonValue, set, undefined) ?? {}) as T;

/** The same, with null in place of what loses everything, as an apply compares it; `withoutNulls` takes these away. */
export const removeItemsToNull = <T>(schema: Schema, object: T, set: FieldSet): T =>
  (removeBelow(objectType(schema), object as JsonValue, set, null) ?? {}) as T;

function removeBelow(type: Type, value: JsonValue, set: FieldSet, emptied: Emptied): JsonValue | undefined {
  if (set.entries.length === 0) return value;
  const shape = shapeOf(type, value);
  if (shape === 'map' && isMap(value) && !type.map!.atomic) return removeFromMap(type.map!, value, set, emptied);
  if (shape === 'list' && isList(value) && !type.list!.atomic) return removeFromList(type.list!, value, set, emptied);
  return value;
}

function removeFromMap(map: MapType, value: JsonObject, set: FieldSet, emptied: Emptied): JsonObject | Emptied {
  let result: Record<string, JsonValue | undefined> | undefined;
  for (const { element, member, children } of set.entries) {
    const { name } = element;
    const before = value[name];
    if (before === undefined || element.kind !== elementKinds.field) continue;
    const after = member ? undefined : removeBelow(map.field(name)?.type ?? restOf(map), before, children, emptied);
    if (after === before) continue;
    result ??= { ...value };
    if (after === undefined) delete result[name];
    else result[name] = after;
  }
  if (!result) return value;
  return Object.keys(result).length > 0 ? result : emptied;
}

function removeFromList(list: ListType, items: JsonArray, set: FieldSet, emptied: Emptied): JsonArray | Emptied {
  const type = list.item();
  let changed = false;
  const result: JsonValue[] = [];
  for (const item of items) {
    const entry = entryOfItem(list, item, set);
    const after = entry?.member ? undefined : entry ? removeBelow(type, item, entry.children, emptied) : item;
    changed ||= after !== item;
    if (after !== undefined) result.push(after);
  }
  if (!changed) return items;
  return result.length > 0 ? result : emptied;
}

function entryOfItem(list: ListType, item: JsonValue, set: FieldSet): FieldEntry | undefined {
  const leaf = leafOfItem(list, item);
  return leaf && findEntry(set, leaf.element);
}

/**
 * The object with only the fields of `set`, the list keys of kept items and its identity (apiVersion, kind, name,
 * namespace). A member with nothing below it is kept as a whole when it is a scalar or atomic, else as empty.
 */
export function extractItems<T extends { readonly apiVersion: string; readonly kind: string }>(
  schema: Schema,
  object: T,
  set: FieldSet,
): T {
  const { apiVersion, kind } = object;
  const { metadata } = object as { readonly metadata?: JsonObject };
  const kept = extractFromMap(objectType(schema).map, object as unknown as JsonObject, set);
  const identity: Record<string, JsonValue | undefined> = {};
  for (const name of ['name', 'namespace']) if (metadata?.[name] !== undefined) identity[name] = metadata[name];
  return { apiVersion, kind, ...kept, metadata: { ...identity, ...(kept.metadata as JsonObject) } } as unknown as T;
}

function extractValue(type: Type, value: JsonValue, entry: FieldEntry): JsonValue {
  const shape = shapeOf(type, value);
  if (shape === 'map' && isMap(value) && !type.map!.atomic) return extractFromMap(type.map!, value, entry.children);
  if (shape === 'list' && isList(value) && !type.list!.atomic) {
    return extractFromList(type.list!, value, entry.children);
  }
  return value;
}

function extractFromMap(map: MapType, value: JsonObject, set: FieldSet): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const entry of set.entries) {
    const { kind, name } = entry.element;
    const below = kind === elementKinds.field && Object.hasOwn(value, name) ? value[name] : undefined;
    if (below !== undefined) result[name] = extractValue(map.field(name)?.type ?? restOf(map), below, entry);
  }
  return result;
}

function extractFromList(list: ListType, items: JsonArray, set: FieldSet): JsonArray {
  const type = list.item();
  const result: JsonValue[] = [];
  const twice = duplicatesIn(list, items);
  for (const item of items) {
    const entry = entryOfItem(list, item, set);
    if (!entry) continue;
    // Items that cannot be told apart are one field together.
    const kept = twice.has(entry.element.text) ? item : extractValue(type, item, entry);
    result.push(list.keys.length > 0 ? { ...keysOf(list, item as JsonObject), ...(kept as JsonObject) } : kept);
  }
  return result;
}

function keysOf(list: ListType, item: JsonObject): JsonObject {
  const keys: Record<string, JsonValue> = {};
  for (const { name } of list.keys) if (item[name] !== undefined) keys[name] = item[name];
  return keys;
}

/**
 * `set` with every declared field on the way to a member as a member itself: who owns `.spec.replicas` keeps `.spec`
 * from being dangling. Map keys and list items are left as they are.
 */
export const withNamedParents = (schema: Schema, set: FieldSet): FieldSet => namedParents(objectType(schema), set);

function namedParents(type: Type | undefined, set: FieldSet): FieldSet {
  if (set.entries.length === 0) return emptyFieldSet;
  let changed = false;
  const entries = set.entries.map((entry) => {
    if (entry.children.entries.length === 0) return entry;
    const field = entry.element.name === '' ? undefined : type?.map?.field(entry.element.name);
    const below = field?.type ?? (entry.element.name === '' ? type?.list?.item() : type?.map?.rest?.());
    const children = namedParents(below, entry.children);
    const member = entry.member || field !== undefined;
    if (member === entry.member && children === entry.children) return entry;
    changed = true;
    return { element: entry.element, member, children };
  });
  return changed ? { entries } : set;
}
