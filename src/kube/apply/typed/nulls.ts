/** Explicit nulls in a configuration: they mean "no value", and no object is stored with them unless its schema says so. */
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { isList, isMap, type MapType, objectType, restOf, shapeOf, type Type } from './type.ts';

/**
 * The object without null fields, except where the schema is nullable or unknown, and without looking into what is the
 * same as in `live`. Same reference when there are none.
 */
export const withoutNulls = <T>(schema: Schema, object: T, live: unknown): T =>
  strip(objectType(schema), object as JsonValue, live as JsonValue) as T;

function strip(type: Type, value: JsonValue, live: JsonValue | undefined): JsonValue {
  if (value === live) return value;
  const shape = shapeOf(type, value);
  if (isMap(value) && shape === 'map') return stripMap(type.map!, value, isMap(live) ? live : undefined);
  if (isList(value) && shape === 'list') return stripList(type.list!.item(), value, isList(live) ? live : []);
  return value;
}

function stripMap(map: MapType, value: JsonObject, live: JsonObject | undefined): JsonObject {
  let result: Record<string, JsonValue | undefined> | undefined;
  for (const name in value) {
    const before = value[name];
    if (typeof before !== 'object' || before === live?.[name]) continue;
    const below = map.field(name)?.type ?? restOf(map);
    const after = before === null && !below.nullable ? undefined : strip(below, before, live?.[name]);
    if (after === before) continue;
    result ??= { ...value };
    if (after === undefined) delete result[name];
    else result[name] = after;
  }
  return result ?? value;
}

function stripList(item: Type, values: JsonArray, live: JsonArray): JsonArray {
  const unchanged = new Set(live);
  const result = values.map((each) => (unchanged.has(each) ? each : strip(item, each, undefined)));
  return result.every((each, index) => each === values[index]) ? values : result;
}
