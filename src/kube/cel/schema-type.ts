/**
 * From structural schemas to CEL: the type a schema declares, JSON as values of that type, JSON nobody declared, and
 * values back to JSON.
 */

import type { Schema } from '../schema/schema.ts';
import { escapeField, unescapeField } from './schema/escape.ts';
import { withObjectMeta } from './schema/object-meta.ts';
import { isDeclared, largestRequest, maxEntries, maxItems, maxStringSize, minSerializedSize } from './schema/sizes.ts';
import { type CelFields, type CelType, celTypes } from './types.ts';

export { celValueOf } from './schema/adapt.ts';
export { celValueOfJson, jsonOfCel } from './schema/json.ts';

/**
 * The type of values of a schema, with their sizes; undefined where expressions do not see them. `resource`: it is the
 * schema of a whole object. `name` is the one object types are made from, as error texts show it.
 */
export function celTypeOf(
  schema: Schema,
  {
    resource = schema.embeddedResource === true,
    name = 'selfType',
  }: { readonly resource?: boolean; readonly name?: string } = {},
): CelType | undefined {
  if (schema.intOrString) return sizedType(celTypes.dyn, schema, maxStringSize(schema));
  if (!isDeclared(schema)) return undefined;
  switch (schema.type) {
    case 'array': {
      const element = celTypeOf(schema.items!, { name: `${name}.@idx` });
      return element && sizedType(celTypes.list(element), schema, maxItems(schema, minSerializedSize(schema.items!)));
    }
    case 'object':
      return objectType(resource ? withObjectMeta(schema) : schema, name);
    case 'string':
      return sizedType(stringType(schema.format), schema, maxStringSize(schema));
    case 'boolean':
      return sizedType(celTypes.bool, schema, 0);
    case 'number':
      return sizedType(celTypes.double, schema, 0);
    case 'integer':
      return sizedType(celTypes.int, schema, 0);
    default:
      return undefined;
  }
}

const sizedType = (type: CelType, schema: Schema, maxElements: number): CelType => ({
  ...type,
  sizes: { maxElements, minSerializedSize: minSerializedSize(schema) },
});

function stringType(format: string | undefined): CelType {
  switch (format) {
    case 'byte':
      return celTypes.bytes;
    case 'duration':
      return celTypes.duration;
    case 'date':
    case 'date-time':
      return celTypes.timestamp;
    default:
      return celTypes.string;
  }
}

const keyType: CelType = { ...celTypes.string, sizes: { maxElements: 0, minSerializedSize: 2 } };

function objectType(schema: Schema, name: string): CelType | undefined {
  const { additionalProperties: values } = schema;
  if (!values) return sizedType(celTypes.object(name, fieldsOf(schema, name)), schema, 0);
  const value = celTypeOf(values, { name: `${name}.@elem` });
  return value && sizedType(celTypes.map(keyType, value), schema, maxEntries(schema, minSerializedSize(values)));
}

/** Fields are made when they are asked for: schemas of built-in kinds may contain themselves. */
function fieldsOf({ properties = {} }: Schema, name: string): CelFields {
  const known = new Map<string, CelType | undefined>();
  const find = (field: string): CelType | undefined => {
    const written = unescapeField(field);
    if (written === undefined || !Object.hasOwn(properties, written) || escapeField(written) !== field)
      return undefined;
    return celTypeOf(properties[written]!, { name: `${name}.${field}` });
  };
  return {
    get: (field) => {
      if (!known.has(field)) known.set(field, find(field));
      return known.get(field);
    },
  };
}

/** How often data of a type can be in one request: what a rule below unbounded lists and maps is counted with. */
export const celMaxCardinality = (type: CelType): number =>
  Math.trunc(largestRequest / ((type.sizes?.minSerializedSize ?? 1) + 1));
