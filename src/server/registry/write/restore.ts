/** Whether the outcome of a strategic merge patch has the types of its kind: runtime.FromUnstructured's words when not. */
import type { Schema } from '#kube/schema/schema.ts';
import { fits } from './fitting.ts';

/** The first value that does not fit, or undefined. `known` fits. */
export function unrestorable(schema: Schema, value: unknown, known: unknown): string | undefined {
  return fits(schema, value, known) ? undefined : describe(schema, value);
}

function describe(schema: Schema, value: unknown): string | undefined {
  if (value === null || value === undefined || fits(schema, value)) return undefined;
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return `cannot restore slice from ${goKind(value)}`;
    return first(value.map((item) => () => schema.items && describe(schema.items, item)));
  }
  if (schema.type !== 'object') {
    if (schema.format === 'byte') return undefined;
    const [kind, want] = [goKind(value), wanted(schema)];
    return typeof value === 'number' ? `cannot convert ${kind} to ${want}` : `unrecognized type: ${want}`;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return schema.properties
      ? `cannot restore struct from: ${goKind(value)}`
      : `cannot restore map from ${goKind(value)}`;
  }
  return first(
    Object.entries(value).map(([name, each]) => () => {
      const below = schema.properties?.[name] ?? schema.additionalProperties;
      return below && describe(below, each);
    }),
  );
}

function first(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== undefined) return found;
  }
  return undefined;
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'object' ? 'map' : typeof value;
}

const wanted = ({ type, format }: Schema) =>
  type === 'integer' ? (format ?? 'int64') : type === 'boolean' ? 'bool' : type === 'number' ? 'float64' : 'string';
