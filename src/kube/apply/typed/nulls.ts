/** Explicit nulls in a configuration: they mean "no value", and no object is stored with them unless its schema says so. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { isList, isMap, objectType, restOf, shapeOf, type Type } from './type.ts';

/** The object without null fields, except where the schema is nullable or unknown. Same reference when there are none. */
export const withoutNulls = <T>(schema: Schema, object: T): T => strip(objectType(schema), object as JsonValue) as T;

function strip(type: Type, value: JsonValue): JsonValue {
  const shape = shapeOf(type, value);
  if (isMap(value) && shape === 'map') return stripMap(type, value);
  if (!isList(value) || shape !== 'list') return value;
  const item = type.list!.item();
  const result = value.map((each) => strip(item, each));
  return result.every((each, index) => each === value[index]) ? value : result;
}

function stripMap(type: Type, value: JsonObject): JsonObject {
  const map = type.map!;
  let result: Record<string, JsonValue | undefined> | undefined;
  for (const name in value) {
    const before = value[name];
    if (typeof before !== 'object') continue;
    const below = map.field(name)?.type ?? restOf(map);
    const after = before === null && !below.nullable ? undefined : strip(below, before);
    if (after === before) continue;
    result ??= { ...value };
    if (after === undefined) delete result[name];
    else result[name] = after;
  }
  return result ?? value;
}
