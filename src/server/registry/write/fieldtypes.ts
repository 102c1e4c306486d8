/**
 * Values of the wrong JSON type in built-in kinds, refused as Go's decoder refuses them. Custom resources are decoded
 * freely and refused by schema validation instead.
 */
import type { Schema } from '#kube/schema/schema.ts';

interface Walk {
  readonly path: string[];
  /** Go's name of the struct the walk is in. */
  structure: string;
}

/** The decoder's text for the first value of a wrong type, or undefined. `null` is the zero value of everything. */
export function wrongFieldType(schema: Schema, value: unknown, structure: string): string | undefined {
  return check(schema, value, { path: [], structure });
}

const shortName = (component: string) => component.slice(component.lastIndexOf('.') + 1);

/** Types whose JSON form is not their Go form; their own parsers speak. */
const scalarComponents = new Set(['Quantity', 'IntOrString', 'Time', 'MicroTime', 'FieldsV1', 'JSON', 'RawExtension']);

function check(schema: Schema, value: unknown, walk: Walk): string | undefined {
  if (value === null || value === undefined || schema.intOrString) return undefined;
  const component = schema.component === undefined ? undefined : shortName(schema.component);
  if (component !== undefined && scalarComponents.has(component)) return undefined;
  switch (schema.type) {
    case 'object':
      return checkObject(schema, value, component, walk);
    case 'array':
      return checkList(schema, value, walk);
    case 'string':
      return typeof value === 'string' ? undefined : mismatch(value, 'string', walk);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(value, 'bool', walk);
    case 'integer':
      return checkInteger(schema, value, walk);
    case 'number':
      return typeof value === 'number' ? undefined : mismatch(value, 'float64', walk);
    case undefined:
      return undefined;
  }
}

function checkObject(schema: Schema, value: unknown, component: string | undefined, walk: Walk): string | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return mismatch(value, goType(schema), walk);
  const { properties, additionalProperties } = schema;
  if (!properties && !additionalProperties) return undefined;
  const outer = walk.structure;
  if (component !== undefined) walk.structure = component;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (!known) continue;
    walk.path.push(name);
    const text = check(known, fields[name], walk);
    if (text !== undefined) return text;
    walk.path.pop();
  }
  walk.structure = outer;
  return undefined;
}

function checkList(schema: Schema, value: unknown, walk: Walk): string | undefined {
  if (!Array.isArray(value)) return mismatch(value, goType(schema), walk);
  if (!schema.items) return undefined;
  for (const item of value) {
    const text = check(schema.items, item, walk);
    if (text !== undefined) return text;
  }
  return undefined;
}

function checkInteger(schema: Schema, value: unknown, walk: Walk): string | undefined {
  const type = schema.format ?? 'int64';
  if (typeof value !== 'number') return mismatch(value, type, walk);
  const limit = type === 'int32' ? 2 ** 31 : 2 ** 63;
  if (!Number.isInteger(value) || value >= limit || value < -limit) return mismatch(value, type, walk);
  return undefined;
}

function mismatch(value: unknown, type: string, walk: Walk): string {
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${walk.structure}.${walk.path.join('.')} of type ${type}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return typeof value;
}

/** `[]v1.Container`, `map[string]string`, `v1.PodSpec`. */
function goType(schema: Schema): string {
  if (schema.component !== undefined) {
    const parts = schema.component.split('.');
    return parts.length > 1 ? `${parts.at(-2)}.${parts.at(-1)}` : parts[0]!;
  }
  if (schema.items) return `[]${goType(schema.items)}`;
  if (schema.additionalProperties) return `map[string]${goType(schema.additionalProperties)}`;
  if (schema.type === 'boolean') return 'bool';
  if (schema.type === 'integer') return schema.format ?? 'int64';
  return schema.type === 'object' ? 'map[string]interface {}' : (schema.type ?? 'interface {}');
}
