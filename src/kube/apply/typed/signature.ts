/**
 * What the field set of a new object depends on, as a text: the names of its fields, the keys of its list items, and
 * what of it is empty or zero. Objects made alike have one signature, so their sets are made once.
 */
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { deducedType, isList, type ListType, leafOfItem, type MapType, objectType, type Type } from './type.ts';

export const signatureOf = (schema: Schema, object: unknown): string =>
  ofValue(objectType(schema), object as JsonValue);

/** Names are written with their length before them, so that no text has two meanings. */
const named = (name: string): string => `${name.length} ${name}`;

function ofValue(type: Type, value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      return value === '' ? '"' : ',';
    case 'number':
      return value === 0 ? '=' : ',';
    case 'boolean':
      return value ? ',' : '-';
    default:
      if (value === null) return '!';
      return isList(value) ? ofList(type.list, value) : ofMap(type.map, value as JsonObject);
  }
}

function ofMap(map: MapType | undefined, value: JsonObject): string {
  const whole = !map || map.atomic;
  let text = '{';
  for (const name in value) {
    const below = value[name];
    if (below === undefined) continue;
    if (whole) return 'm';
    const field = map.field(name);
    if (!field?.unowned) text += named(name) + ofValue(field?.type ?? map.rest?.() ?? deducedType, below);
  }
  return `${text}}`;
}

function ofList(list: ListType | undefined, items: JsonArray): string {
  if (items.length === 0) return '[]';
  if (!list || list.atomic) return 'l';
  const type = list.item();
  let text = '[';
  for (const item of items) {
    const leaf = leafOfItem(list, item);
    text += leaf ? named(leaf.element.text) + ofValue(type, item) : '?';
  }
  return `${text}]`;
}
