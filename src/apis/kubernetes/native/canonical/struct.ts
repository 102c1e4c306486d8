/**
 * Defaults and canonical form of one type: its table line (fields/) and its rule (defaults/) made into a function once.
 * Values are walked copy-on-write, and a value of a kind the table does not expect is left for validation to refuse.
 */
import { typeRules } from '../defaults/rules.ts';
import type { FieldNotation } from '../fields/notation.ts';
import { resolveType, typeNotation } from '../fields/tables.ts';
import type { Fields } from '../value.ts';
import { fieldsOf, isFields } from '../value.ts';
import {
  bytesField,
  type Canonical,
  canonicalMap,
  canonicalQuantityField,
  canonicalResource,
  dropZero,
  isZero,
  listOf,
  mapOf,
  microTimeField,
  timeField,
} from './scalar.ts';

interface Field {
  readonly name: string;
  readonly canonical: Canonical;
  /** undefined: the field may stay missing. */
  readonly missing: () => unknown;
}

interface Struct {
  readonly fields: ReadonlyMap<string, Field>;
  /** The fields that are never absent. */
  readonly present: readonly Field[];
  readonly rule: ((value: Fields) => Fields) | undefined;
  /** {} with everything that is never absent. */
  empty?: Fields;
}

const structs = new Map<string, Struct>();

/** The canonical form of a value of the type `fullName` (`apps/v1.Deployment`); the same reference when it is so already. */
export function canonicalStruct(fullName: string, value: Fields, known?: unknown): Fields {
  return canonicalFields(structOf(fullName), value, known);
}

function structOf(fullName: string): Struct {
  const known = structs.get(fullName);
  if (known) return known;
  const notation = typeNotation(fullName);
  const fields = (notation?.fields ?? []).map((field) => compileField(notation!.groupVersion, field));
  const struct: Struct = {
    fields: new Map(fields.map((field) => [field.name, field])),
    present: fields.filter((_, index) => notation!.fields[index]!.missing !== undefined),
    rule: typeRules[fullName],
  };
  structs.set(fullName, struct);
  return struct;
}

function canonicalFields(struct: Struct, given: Fields, known?: unknown): Fields {
  if (given === known) return given;
  const before = fieldsOf(known);
  const value = struct.rule === undefined ? given : struct.rule(given);
  let copy: Record<string, unknown> | undefined;
  let dropped = false;
  for (const name in value) {
    const old = value[name];
    const field = struct.fields.get(name);
    const next = field === undefined ? dropZero(old) : field.canonical(old, before[name]);
    if (next === old && next !== undefined) continue;
    copy ??= { ...value };
    copy[name] = next;
    if (next === undefined) dropped = true;
  }
  const { present } = struct;
  for (let index = 0; index < present.length; index++) {
    const field = present[index]!;
    if ((copy ?? value)[field.name] !== undefined) continue;
    copy ??= { ...value };
    copy[field.name] = field.missing();
  }
  return copy === undefined ? value : dropped ? withoutUndefined(copy) : copy;
}

function withoutUndefined(value: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const name in value) if (value[name] !== undefined) kept[name] = value[name];
  return kept;
}

function emptyOf(struct: Struct): Fields {
  struct.empty ??= canonicalFields(struct, {});
  return struct.empty;
}

/** `canonical` is for what is not empty. */
const keepingEmpty =
  (canonical: Canonical): Canonical =>
  (value, known) => {
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return value;
    return canonical(value, known);
  };

function compileField(groupVersion: string, field: FieldNotation): Field {
  const compiled = compileShape(groupVersion, field);
  return field.keepsEmpty ? { ...compiled, canonical: keepingEmpty(compiled.canonical) } : compiled;
}

function compileShape(groupVersion: string, { name, pointer, shape, missing }: FieldNotation): Field {
  if (shape === undefined) return { name, canonical: scalarField(pointer, missing), missing: () => missing };
  const element = /^[[{](\w*)[\]}]$/.exec(shape)?.[1];
  if (shape.startsWith('['))
    return { name, canonical: listField(groupVersion, element!, missing), missing: () => missing };
  if (shape.startsWith('{')) return { name, canonical: mapField(groupVersion, element!), missing: () => missing };
  return oneField(groupVersion, name, shape, missing);
}

function scalarField(pointer: boolean, missing: unknown): Canonical {
  if (pointer) return (value) => value ?? missing;
  return missing === undefined ? dropZero : (value) => (isZero(value) ? missing : value);
}

/** A single value that is no plain scalar. */
function oneField(groupVersion: string, name: string, shape: string, missing: unknown): Field {
  const plain = (canonical: Canonical, absent: unknown = missing): Field => ({
    name,
    canonical: (value) => (value === null || value === undefined ? absent : canonical(value)),
    missing: () => absent,
  });
  if (shape === 'off') return { name, canonical: () => undefined, missing: () => undefined };
  if (shape === 'raw' || shape === 'duration') return plain((value) => value);
  if (shape === 'time') return plain(timeField);
  if (shape === 'microtime') return plain(microTimeField);
  if (shape === 'intstr') return plain((value) => value);
  if (shape === 'quantity')
    return plain(canonicalQuantityField, typeof missing === 'number' ? String(missing) : missing);
  return structField(groupVersion, name, shape, missing);
}

function structField(groupVersion: string, name: string, type: string, missing: unknown): Field {
  const canonical = structCanonical(groupVersion, type);
  const absent = (): unknown => (isFields(missing) ? canonical(missing) : missing);
  return {
    name,
    canonical: (value, known) => (value === null || value === undefined ? absent() : canonical(value, known)),
    missing: absent,
  };
}

/** Compiled when first used, because types hold each other. */
function structCanonical(groupVersion: string, type: string): Canonical {
  const fullName = resolveType(groupVersion, type);
  if (fullName === undefined) throw new Error(`field tables: ${groupVersion} mentions ${type}, which no table has`);
  let struct: Struct | undefined;
  return (value, known) => {
    struct ??= structOf(fullName);
    if (!isFields(value)) return value;
    for (const _ in value) return canonicalFields(struct, value, known);
    return sameWhenEmpty(value, emptyOf(struct));
  };
}

/** {} stays the object it is where nothing has to be added. */
function sameWhenEmpty(value: Fields, empty: Fields): Fields {
  for (const _ in empty) return empty;
  return value;
}

function listField(groupVersion: string, element: string, missing: unknown): Canonical {
  const item = element === '' ? undefined : elementCanonical(groupVersion, element);
  return listOf(item, missing);
}

function mapField(groupVersion: string, element: string): Canonical {
  if (element === 'raw') return canonicalMap;
  return mapOf(elementCanonical(groupVersion, element));
}

function elementCanonical(groupVersion: string, element: string): Canonical {
  if (element === 'quantity') return canonicalQuantityField;
  if (element === 'resources') return canonicalResource;
  if (element === 'time') return timeField;
  if (element === 'bytes') return bytesField;
  const struct = structCanonical(groupVersion, element);
  return (value, known) => struct(value ?? {}, known);
}
