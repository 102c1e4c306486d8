/** Takes away what a schema does not know and says what it was: structural pruning and strict field validation in one walk. */
import { type Fields, fieldsOf, isFields, itemsOf, replaceField, replaceItem } from './copy.ts';
import { knownProperties, objectMetaSchema } from './metadata.ts';
import { pathText, type Trail } from './path.ts';
import type { Schema } from './schema.ts';

export interface Pruned<T> {
  /** The same reference when everything was known. */
  readonly value: T;
  /** Paths of what was taken away, `spec.foo[0].bar`, in the value's order. */
  readonly unknown: readonly string[];
}

interface Walk {
  readonly trail: Trail;
  readonly unknown: string[];
  /** Whether a null that its schema knows nothing to make of is taken away, too. */
  nulls: boolean;
}

interface Shape {
  readonly properties: Readonly<Record<string, Schema>> | undefined;
  readonly rest: Schema | undefined;
  readonly items: Schema | undefined;
  readonly keep: boolean;
}

const shapes = new WeakMap<Schema, Shape>();

/**
 * An object whose schema has neither fields nor values keeps nothing, unless it preserves unknown fields. `known` was
 * pruned before: what is the same reference in both is not looked at again.
 */
export function prune<T>(schema: Schema, value: T, known?: unknown): Pruned<T> {
  return pruned(schema, value, known, false);
}

/** The same for custom resources: a field that is null, may not be, and has no default, was not given. */
export function pruneCustom<T>(schema: Schema, value: T, known?: unknown): Pruned<T> {
  return pruned(schema, value, known, true);
}

function pruned<T>(schema: Schema, value: T, known: unknown, nulls: boolean): Pruned<T> {
  const walk: Walk = { trail: [], unknown: [], nulls };
  return { value: pruneValue(schema, value, known, walk) as T, unknown: walk.unknown };
}

const isNothing = (value: unknown, { nullable, default: given }: Schema) =>
  value === null && nullable !== true && given === undefined;

function shapeOf(schema: Schema): Shape {
  let shape = shapes.get(schema);
  if (!shape) {
    const { additionalProperties, items, preserveUnknownFields } = schema;
    shape = {
      properties: knownProperties(schema),
      rest: additionalProperties,
      items,
      keep: preserveUnknownFields === true,
    };
    shapes.set(schema, shape);
  }
  return shape;
}

function pruneValue(schema: Schema, value: unknown, known: unknown, walk: Walk): unknown {
  if (typeof value !== 'object' || value === null || value === known) return value;
  const shape = shapeOf(schema);
  if (Array.isArray(value)) return shape.items ? pruneItems(shape.items, value, known, walk) : value;
  if (!isFields(value)) return value;
  if (schema !== objectMetaSchema) return pruneFields(shape, value, known, walk);
  // Metadata has Go types, which take a null for their zero value.
  const { nulls } = walk;
  walk.nulls = false;
  const metadata = pruneFields(shape, value, known, walk);
  walk.nulls = nulls;
  return nulls && walk.trail.length > 1 ? withoutNulls(metadata) : metadata;
}

/** Inside an object of another one, zero values are not kept. */
function withoutNulls(metadata: Fields): Fields {
  let result = metadata;
  for (const name in metadata) if (metadata[name] === null) result = replaceField(result, metadata, name, undefined);
  return result;
}

function pruneItems(items: Schema, value: readonly unknown[], known: unknown, walk: Walk): readonly unknown[] {
  const before = itemsOf(known);
  let result = value;
  for (let index = 0; index < value.length; index++) {
    const item = value[index];
    if (typeof item !== 'object') continue;
    walk.trail.push(index);
    result = replaceItem(result, value, index, pruneValue(items, item, before[index], walk));
    walk.trail.pop();
  }
  return result;
}

function pruneFields(shape: Shape, value: Fields, known: unknown, walk: Walk): Fields {
  const before = fieldsOf(known);
  let result = value;
  for (const name in value) {
    const field = value[name];
    // Most fields of most writes: what was there before as it is now is known, and what is no object has no more in it.
    if (field !== undefined && field === before[name]) continue;
    const schema = shape.properties && Object.hasOwn(shape.properties, name) ? shape.properties[name] : shape.rest;
    if (schema && field !== undefined && typeof field !== 'object') continue;
    walk.trail.push(name);
    if (schema && walk.nulls && isNothing(field, schema)) result = replaceField(result, value, name, undefined);
    else if (schema) result = replaceField(result, value, name, pruneValue(schema, field, before[name], walk));
    else if (!shape.keep) {
      walk.unknown.push(pathText(walk.trail));
      result = replaceField(result, value, name, undefined);
    }
    walk.trail.pop();
  }
  return result;
}
