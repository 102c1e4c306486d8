/**
 * Fills in a schema's defaults, as kube-apiserver's structural defaulting does: absent fields, and `null` where the
 * schema has a default and is not nullable. Each schema becomes a function once; subtrees without defaults cost nothing.
 */

import { type Fields, fieldsOf, isFields, itemsOf, ownField, replaceField, replaceItem } from './copy.ts';
import type { Schema } from './schema.ts';

/** `known` has its defaults: what is the same reference in both is not looked at again. */
type Fill = (value: unknown, known: unknown) => unknown;

/** null: nothing below has a default. A recursive schema finds a placeholder that looks the real function up when called. */
const compiled = new WeakMap<Schema, Fill | null>();

/** `value` with defaults; the same reference when none was missing. `known`: a value that has had its defaults before. */
export function applyDefaults<T>(schema: Schema, value: T, known?: unknown): T {
  const fill = fillOf(schema);
  return fill === null ? value : (fill(value, known) as T);
}

function fillOf(schema: Schema): Fill | null {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  compiled.set(schema, (value, before) => compiled.get(schema)?.(value, before) ?? value);
  const fill = compile(schema);
  compiled.set(schema, fill);
  return fill;
}

function compile(schema: Schema): Fill | null {
  if (schema.items) return compileList(schema.items);
  if (schema.properties || schema.additionalProperties) return compileObject(schema);
  return null;
}

function compileList(items: Schema): Fill | null {
  const fill = elementFill(items);
  if (fill === null) return null;
  return (value, known) => {
    if (!Array.isArray(value) || value === known) return value;
    const before = itemsOf(known);
    let result: readonly unknown[] = value;
    for (let index = 0; index < value.length; index++) {
      result = replaceItem(result, value, index, fill(value[index], before[index]));
    }
    return result;
  };
}

/** An element is there already, so only a null is replaced by the default. */
function elementFill(schema: Schema): Fill | null {
  const inner = fillOf(schema);
  if (schema.default === undefined || schema.nullable) return inner;
  const replacement = filledDefault(schema, inner);
  return (value, known) => (value === null ? replacement() : inner === null ? value : inner(value, known));
}

/** The default with its own defaults filled in; made on first use, shared by all objects (values are immutable). */
function filledDefault(schema: Schema, inner: Fill | null): () => unknown {
  let made: unknown;
  return () => (made ??= inner === null ? schema.default : inner(schema.default, undefined));
}

interface FieldFill {
  readonly name: string;
  readonly inner: Fill | null;
  readonly replacement: (() => unknown) | undefined;
  readonly nullable: boolean;
}

function compileObject(schema: Schema): Fill | null {
  const fields: FieldFill[] = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inner = fillOf(property);
    if (inner === null && property.default === undefined) continue;
    const replacement = property.default === undefined ? undefined : filledDefault(property, inner);
    fields.push({ name, inner, replacement, nullable: property.nullable === true });
  }
  const rest = schema.additionalProperties ? elementFill(schema.additionalProperties) : null;
  if (fields.length === 0 && rest === null) return null;
  const known = schema.properties;
  return (value, before) => {
    if (!isFields(value) || value === before) return value;
    const filled = fields.length === 0 ? value : fillFields(fields, value, fieldsOf(before));
    return rest === null ? filled : fillRest(rest, known, filled, fieldsOf(before));
  };
}

function fillFields(fields: readonly FieldFill[], value: Fields, before: Fields): Fields {
  let result = value;
  for (const { name, inner, replacement, nullable } of fields) {
    const present = ownField(value, name);
    if (present === undefined || (present === null && !nullable)) {
      if (replacement) result = replaceField(result, value, name, replacement());
    } else if (inner !== null) result = replaceField(result, value, name, inner(present, before[name]));
  }
  return result;
}

function fillRest(
  fill: Fill,
  known: Readonly<Record<string, Schema>> | undefined,
  value: Fields,
  before: Fields,
): Fields {
  let result = value;
  for (const name in value) {
    if (known && Object.hasOwn(known, name)) continue;
    result = replaceField(result, value, name, fill(value[name], before[name]));
  }
  return result;
}
