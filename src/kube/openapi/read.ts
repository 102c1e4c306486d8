/** OpenAPI JSON -> Schema: the body of a CustomResourceDefinition, or any schema without references. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import type { Schema } from '../schema/schema.ts';
import { openApiNames, plainKeywords } from './keywords.ts';

/** Deeper than any schema in use; a hostile one ends in a schema that keeps everything instead of a full stack. */
const deepest = 100;

/**
 * Keywords that say nothing about values (title, example, externalDocs, …) are passed over, and so is whatever is not
 * of the type its keyword asks for: whoever takes a definition in reports it.
 */
export function schemaFromOpenApi(props: JsonObject): Schema {
  return readSchema(props, 0);
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

function readSchema(props: JsonObject, depth: number): Schema {
  if (depth > deepest) return { preserveUnknownFields: true };
  const schema: Open<Schema> = {};
  for (const keyword of plainKeywords) {
    const value = props[openApiNames[keyword]];
    if (value !== undefined && value !== null) Object.assign(schema, { [keyword]: value });
  }
  const child = (value: JsonObject) => readSchema(value, depth + 1);
  const { properties, additionalProperties, items, not } = props;
  if (isObject(properties)) schema.properties = readProperties(properties, child);
  if (isObject(additionalProperties)) schema.additionalProperties = child(additionalProperties);
  // `true` allows any value under any name.
  else if (additionalProperties === true) schema.additionalProperties = { preserveUnknownFields: true };
  if (isObject(items)) schema.items = child(items);
  if (isObject(not)) schema.not = child(not);
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
    const alternatives = props[name];
    if (Array.isArray(alternatives)) schema[name] = (alternatives as readonly JsonValue[]).filter(isObject).map(child);
  }
  return schema;
}

function readProperties(properties: JsonObject, child: (value: JsonObject) => Schema): Record<string, Schema> {
  const result: Record<string, Schema> = {};
  for (const [name, value] of Object.entries(properties)) if (isObject(value)) result[name] = child(value);
  return result;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
