/** The fields a value states. */
import { emptyFieldSet, entryOf, type FieldEntry, type FieldSet, leafOfField, sortedSet } from '#kube/fields/node.ts';
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import {
  deducedType,
  isList,
  isMap,
  type ListType,
  leafOfItem,
  type MapType,
  objectType,
  shapeOf,
  type Type,
} from './type.ts';

/**
 * What an applier of this object owns: its scalars and atomic values, items of lists and keys of maps, and empty or
 * null values; not the structs around them. Identity (name, uid, …) is left out.
 */
export function fieldSetOf(schema: Schema, object: unknown): FieldSet {
  const known = recent.get(object);
  if (known?.schema === schema) return known.set;
  const set = fieldsBelow(objectType(schema), object as JsonValue, false) ?? emptyFieldSet;
  if (recent.size >= mostRecent) recent.delete(recent.keys().next().value);
  recent.set(object, { schema, set });
  return set;
}

/** Objects asked about last: one decision asks for the same object's fields several times, and many are under way. */
const mostRecent = 256;
const recent = new Map<unknown, { readonly schema: Schema; readonly set: FieldSet }>();

/**
 * The fields below a value, undefined when the value is one field as a whole. `all`: with the structs and maps on the
 * way, as they are owned when the value is new; else as an applier owns them.
 */
export function fieldsBelow(type: Type, value: JsonValue, all: boolean): FieldSet | undefined {
  const shape = shapeOf(type, value);
  if (shape === 'scalar') return undefined;
  if (shape === 'map') return type.map!.atomic || !isMap(value) ? undefined : fieldsOfMap(type.map!, value, all);
  return type.list!.atomic || !isList(value) ? undefined : fieldsOfList(type.list!, value, all);
}

function fieldsOfMap(map: MapType, value: JsonObject, all: boolean): FieldSet | undefined {
  const entries: FieldEntry[] = [];
  let empty = true;
  for (const name in value) {
    const below = value[name];
    if (below === undefined) continue;
    empty = false;
    const field = map.field(name);
    if (field?.unowned) continue;
    const leaf = field?.leaf ?? leafOfField(name);
    const children = fieldsBelow(field?.type ?? map.rest?.() ?? deducedType, below, all);
    if (children === undefined) entries.push(leaf);
    else if (children.entries.length > 0) entries.push(entryOf(leaf.element, all || field === undefined, children));
    else if (all || field === undefined) entries.push(leaf);
  }
  return empty ? undefined : sortedSet(entries);
}

function fieldsOfList(list: ListType, items: JsonArray, all: boolean): FieldSet | undefined {
  if (items.length === 0) return all ? undefined : emptyFieldSet;
  const entries: FieldEntry[] = [];
  const type = list.item();
  const twice = duplicatesIn(list, items);
  for (const item of items) {
    const leaf = leafOfItem(list, item);
    if (!leaf) continue;
    if (twice.has(leaf.element.text)) entries.push(leaf);
    else entries.push(entryOf(leaf.element, true, fieldsBelow(type, item, all) ?? emptyFieldSet));
  }
  return sortedSet(entries);
}

const NONE: ReadonlySet<string> = new Set();

/** Texts of the elements that more than one item has; such items are owned together, as one field. */
export function duplicatesIn(list: ListType, items: JsonArray): ReadonlySet<string> {
  if (items.length < 2) return NONE;
  const seen = new Set<string>();
  let twice: Set<string> | undefined;
  for (const item of items) {
    const text = leafOfItem(list, item)?.element.text;
    if (text === undefined) continue;
    if (seen.has(text)) {
      twice ??= new Set();
      twice.add(text);
    } else seen.add(text);
  }
  return twice ?? NONE;
}
