/**
 * Values of the wrong JSON type in built-in kinds, refused as Go's decoder refuses them. Custom resources are decoded
 * freely and refused by schema validation instead.
 */
import type { Schema } from '#kube/schema/schema.ts';
import { fits, isInteger, isOpaque, shortName } from './fitting.ts';

interface Walk {
  readonly path: string[];
  /** Go's name of the struct the walk is in. */
  structure: string;
}

/**
 * The decoder's text for the first value of a wrong type, or undefined. `null` is the zero value of everything.
 * `known`: a value that was asked about before; what it shares with `value` is not looked at again.
 */
export function wrongFieldType(schema: Schema, value: unknown, structure: string, known?: unknown): string | undefined {
  return fits(schema, value, known) ? undefined : describe(schema, value, { path: [], structure });
}

function describe(schema: Schema, value: unknown, walk: Walk): string | undefined {
  if (value === null || value === undefined || isOpaque(schema)) return undefined;
  switch (schema.type) {
    case 'object':
      return describeObject(schema, value, walk);
    case 'array':
      return describeList(schema, value, walk);
    case 'integer':
      return isInteger(value, schema.format) ? undefined : mismatch(value, schema, walk);
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === schema.type ? undefined : mismatch(value, schema, walk);
    case undefined:
      return undefined;
  }
}

function describeObject(schema: Schema, value: unknown, walk: Walk): string | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return mismatch(value, schema, walk);
  const { properties, additionalProperties, component } = schema;
  const outer = walk.structure;
  if (component !== undefined) walk.structure = shortName(component);
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (!known) continue;
    walk.path.push(name);
    const text = describe(known, fields[name], walk);
    if (text !== undefined) return text;
    walk.path.pop();
  }
  walk.structure = outer;
  return undefined;
}

function describeList(schema: Schema, value: unknown, walk: Walk): string | undefined {
  if (!Array.isArray(value)) return mismatch(value, schema, walk);
  if (!schema.items) return undefined;
  for (const item of value) {
    const text = describe(schema.items, item, walk);
    if (text !== undefined) return text;
  }
  return undefined;
}

function mismatch(value: unknown, schema: Schema, walk: Walk): string {
  const field = `${walk.structure}.${walk.path.join('.')}`;
  return `json: cannot unmarshal ${jsonType(value, schema)} into Go struct field ${field} of type ${goType(schema)}`;
}

/** Go shows a number only where it tried to take it for an integer. */
function jsonType(value: unknown, { type }: Schema): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' && type === 'integer' ? `number ${value}` : typeof value;
}

/** `[]v1.Container`, `map[string]string`, `v1.PodSpec`. */
function goType({ component, items, additionalProperties, type, format }: Schema): string {
  if (component !== undefined) return component.split('.').slice(-2).join('.');
  if (items) return `[]${goType(items)}`;
  if (additionalProperties) return `map[string]${goType(additionalProperties)}`;
  if (type === 'boolean') return 'bool';
  if (type === 'integer') return format ?? 'int64';
  if (type === 'number') return 'float64';
  return type === 'object' ? 'map[string]interface {}' : (type ?? 'interface {}');
}
