/** JSON as values of its schema: nothing is converted before an expression looks at it. */

import type { JsonArray, JsonObject, JsonValue } from '../../meta/object.ts';
import type { Schema } from '../../schema/schema.ts';
import { CelEvaluationError } from '../errors.ts';
import { parseLooseDuration } from '../value/duration.ts';
import { quote } from '../value/quote.ts';
import { parseTimestamp } from '../value/timestamp.ts';
import { CelDouble, CelDuration, CelError, type CelValue, type Evaluated } from '../value/value.ts';
import { DeclaredList, KeyedList, SetList } from './declared-list.ts';
import { DeclaredObject, type Field, type Fields, HiddenValue } from './declared-object.ts';
import { escapeField, unescapeField } from './escape.ts';
import { withObjectMeta } from './object-meta.ts';

export type Adapt = (json: JsonValue) => Evaluated;

/** How values of a schema are read, made once for each schema and dropped with it. */
const adapters = new WeakMap<Schema, Adapt>();

const resourceAdapters = new WeakMap<Schema, Adapt>();

/**
 * A value of `schema`, the one the type came from; what does not fit it is found when it is looked at. `resource` as for
 * the type: it is the schema of a whole object.
 */
export function celValueOf(
  json: JsonValue,
  schema: Schema,
  { resource = false }: { readonly resource?: boolean } = {},
): CelValue {
  const value = (resource ? resourceAdapterOf(schema) : adapterOf(schema))(json);
  if (value instanceof CelError) throw new CelEvaluationError(value.message);
  return value;
}

function resourceAdapterOf(schema: Schema): Adapt {
  let adapter = resourceAdapters.get(schema);
  if (!adapter) {
    adapter = adapterFor(withObjectMeta(schema));
    resourceAdapters.set(schema, adapter);
  }
  return adapter;
}

function adapterOf(schema: Schema): Adapt {
  let adapter = adapters.get(schema);
  if (!adapter) {
    adapter = nullable(schema, adapterFor(schema));
    adapters.set(schema, adapter);
  }
  return adapter;
}

const nullRefused = new CelError('invalid data, got null for schema with nullable=false');

const nullable = (schema: Schema, adapt: Adapt): Adapt =>
  schema.nullable
    ? (json) => (json === null ? null : adapt(json))
    : (json) => (json === null ? nullRefused : adapt(json));

/** What Go calls the type of JSON that does not fit. */
function goType(json: JsonValue): string {
  if (Array.isArray(json)) return '[]interface {}';
  switch (typeof json) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(json) ? 'int64' : 'float64';
    default:
      return 'map[string]interface {}';
  }
}

const expected = (what: string, json: JsonValue): CelError =>
  new CelError(`invalid data, expected ${what}, got ${goType(json)}`);

function adapterFor(schema: Schema): Adapt {
  if (schema.intOrString) return intOrString;
  switch (schema.type) {
    case 'object':
      return objectAdapter(schema);
    case 'array':
      return listAdapter(schema);
    case 'string':
      return stringAdapter(schema.format);
    case 'number':
      return (json) => (typeof json === 'number' ? new CelDouble(json) : expected('float', json));
    case 'integer':
      return (json) => (typeof json === 'number' && Number.isInteger(json) ? json : expected('int', json));
    case 'boolean':
      return (json) => (typeof json === 'boolean' ? json : expected('bool', json));
    default:
      return schema.preserveUnknownFields ? (json) => new HiddenValue(json) : () => noType;
  }
}

const noType = new CelError(
  'invalid type, expected object, array, number, integer, boolean or string, or no type with ' +
    'x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ',
);

const intOrString: Adapt = (json) =>
  typeof json === 'string' || (typeof json === 'number' && Number.isInteger(json))
    ? json
    : new CelError('invalid data, expected XIntOrString value to be either a string or integer');

function stringAdapter(format: string | undefined): Adapt {
  const read = format === undefined ? undefined : formats[format];
  if (!read) return (json) => (typeof json === 'string' ? json : expected('string', json));
  return (json) => (typeof json === 'string' ? read(json) : expected('string', json));
}

const formats: Readonly<Record<string, (text: string) => Evaluated>> = {
  duration: (text) => {
    const nanos = parseLooseDuration(text);
    return nanos === undefined
      ? new CelError(`Invalid duration ${text}: unable to parse ${text} as duration`)
      : new CelDuration(nanos);
  },
  date: (text) =>
    (/^\d{4}-\d\d-\d\d$/.test(text) ? parseTimestamp(`${text}T00:00:00Z`) : undefined) ??
    new CelError(`Invalid date formatted string ${text}: parsing time ${quote(text)}`),
  'date-time': (text) =>
    parseTimestamp(text.replace('t', 'T').replace('z', 'Z')) ??
    new CelError(`Invalid date-time formatted string ${text}: parsing time ${quote(text)}`),
  byte: (text) =>
    /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
      ? Uint8Array.from(Buffer.from(text, 'base64'))
      : new CelError(`Invalid byte formatted string ${text}: illegal base64 data`),
};

function listAdapter(schema: Schema): Adapt {
  const { items, listType, listMapKeys = [] } = schema;
  if (!items) return () => new CelError('invalid array type, expected Items with a non-empty Schema');
  // Only asked for when there is an item: a schema may contain itself.
  const adapt: Adapt = (json) => adapterOf(items)(json);
  const make = (json: JsonArray) => {
    if (listType === 'map') return new KeyedList(json, adapt, listMapKeys);
    return listType === 'set' ? new SetList(json, adapt) : new DeclaredList(json, adapt);
  };
  return (json) =>
    Array.isArray(json)
      ? make(json as JsonArray)
      : new CelError('invalid data, expected an array for the provided schema with type=array');
}

function objectAdapter(written: Schema): Adapt {
  const schema = written.embeddedResource ? withObjectMeta(written) : written;
  const fields = schema.properties ? namedFields(schema.properties) : anyField(schema.additionalProperties);
  return (json) =>
    json !== null && typeof json === 'object' && !Array.isArray(json)
      ? new DeclaredObject(json as JsonObject, fields)
      : new CelError('invalid data, expected a map for the provided schema with type=object');
}

function namedFields(properties: Readonly<Record<string, Schema>>): Fields {
  const known = new Map<string, Field>();
  const find = (key: string): Field | undefined => {
    const name = unescapeField(key);
    if (name === undefined || !Object.hasOwn(properties, name)) return undefined;
    return { name, adapt: adapterOf(properties[name]!) };
  };
  return {
    isObject: true,
    field: (key) => {
      const field = known.get(key);
      if (field) return field;
      const found = find(key);
      // Keys that values of other types have do not fill the memory.
      if (found) known.set(key, found);
      return found;
    },
    shown: (name) => (Object.hasOwn(properties, name) ? (escapeField(name) ?? name) : undefined),
  };
}

function anyField(values: Schema | undefined): Fields {
  if (!values) return { isObject: false, field: () => undefined, shown: () => undefined };
  const adapt: Adapt = (json) => adapterOf(values)(json);
  return { isObject: false, field: (name) => ({ name, adapt }), shown: (name) => name };
}
