/**
 * What Go's JSON decoder says of a value that does not fit a built-in type; kube-apiserver answers it with 400
 * BadRequest before any validation. Custom resources are decoded freely and refused by validate.ts instead.
 */
import { bytesError, intOrStringError, quantityError, timeError } from './decode-scalar.ts';
import type { Schema } from './schema.ts';

interface Walk {
  readonly path: string[];
  /** Go's name of the struct the walk is in. */
  structure: string;
}

/**
 * The decoder's text for the first value that does not fit, or undefined; `kind` is the Go type of the whole value.
 * `null` fits everywhere. The answer's message is `X in version "v1" cannot be handled as a X: ` and this text.
 */
export function decodeError(schema: Schema, value: unknown, kind: string): string | undefined {
  return check(schema, value, { path: [], structure: kind });
}

function check(schema: Schema, value: unknown, walk: Walk): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (schema.intOrString) return intOrStringError(value);
  switch (schema.type) {
    case 'object':
      return checkObject(schema, value, walk);
    case 'array':
      return checkList(schema, value, walk);
    case 'string':
      return checkString(schema, value, walk);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(value, 'bool', walk);
    case 'integer':
      return checkInteger(schema.format ?? 'int64', value, walk);
    case 'number':
      return typeof value === 'number' ? undefined : mismatch(value, 'float64', walk);
    case undefined:
      return schema.format === 'quantity' ? quantityError(value) : undefined;
  }
}

function checkObject(schema: Schema, value: unknown, walk: Walk): string | undefined {
  const { properties, additionalProperties } = schema;
  if (!properties && !additionalProperties) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) return mismatch(value, goType(schema), walk);
  const outer = walk.structure;
  if (schema.component !== undefined) walk.structure = lastPart(schema.component);
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    const own = properties !== undefined && Object.hasOwn(properties, name);
    const known = own ? properties[name] : additionalProperties;
    if (!known) continue;
    if (own) walk.path.push(name);
    const text = check(known, fields[name], walk);
    if (text !== undefined) return text;
    if (own) walk.path.pop();
  }
  walk.structure = outer;
  return undefined;
}

/** Neither indexes nor the keys of maps are part of the path Go names. */
function checkList(schema: Schema, value: unknown, walk: Walk): string | undefined {
  if (!Array.isArray(value)) return mismatch(value, goType(schema), walk);
  if (!schema.items) return undefined;
  for (const item of value) {
    const text = check(schema.items, item, walk);
    if (text !== undefined) return text;
  }
  return undefined;
}

function checkString({ format, component }: Schema, value: unknown, walk: Walk): string | undefined {
  if (format === 'date-time') return timeError(value, component?.endsWith('.MicroTime') === true);
  if (typeof value !== 'string') return mismatch(value, format === 'byte' ? '[]uint8' : 'string', walk);
  return format === 'byte' ? bytesError(value) : undefined;
}

/** A JSON number beyond 2^53 has lost digits by now; it is refused where Go would keep it. */
function checkInteger(type: string, value: unknown, walk: Walk): string | undefined {
  if (typeof value !== 'number') return mismatch(value, type, walk);
  const fits = type === 'int32' ? value === (value | 0) : Number.isSafeInteger(value);
  return fits ? undefined : mismatch(value, type, walk);
}

function mismatch(value: unknown, type: string, { structure, path }: Walk): string {
  return `json: cannot unmarshal ${jsonType(value, type)} into Go struct field ${structure}.${path.join('.')} of type ${type}`;
}

function jsonType(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  // A number of the wrong kind is shown.
  if (typeof value === 'number') return /^(u?int|float)/.test(wanted) ? `number ${value}` : 'number';
  return typeof value;
}

const lastPart = (component: string) => component.slice(component.lastIndexOf('.') + 1);

/** `[]v1.Container`, `map[string]string`, `v1.PodSpec`. */
function goType(schema: Schema): string {
  if (schema.component !== undefined) return schema.component.split('.').slice(-2).join('.');
  if (schema.items) return `[]${goType(schema.items)}`;
  if (schema.additionalProperties) return `map[string]${goType(schema.additionalProperties)}`;
  if (schema.type === 'boolean') return 'bool';
  if (schema.type === 'integer') return schema.format ?? 'int64';
  if (schema.format === 'byte') return '[]uint8';
  return schema.type === 'object' ? 'map[string]interface {}' : (schema.type ?? 'interface {}');
}
