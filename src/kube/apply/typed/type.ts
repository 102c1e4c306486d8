/**
 * What ownership and merging need to know of a schema: which values are scalars, which lists and maps are atomic, and
 * by what the items of the others are known. Derived from a Schema once per schema object, level by level as values
 * reach it; the rules are those by which kube-apiserver derives its types from OpenAPI.
 */
import { type KeyField, keyText } from '#kube/fields/element.ts';
import { type FieldEntry, leafOfField, leafOfText } from '#kube/fields/node.ts';
import { compareText } from '#kube/fields/order.ts';
import { jsonString } from '#kube/fields/text.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { knownProperties, withEnvelope } from '#kube/schema/metadata.ts';
import type { Schema } from '#kube/schema/schema.ts';

/** A value may be of several shapes (int-or-string, unknown fields); usually exactly one is there. */
export interface Type {
  readonly scalar?: 'numeric' | 'string' | 'boolean' | 'any';
  readonly list?: ListType;
  readonly map?: MapType;
  readonly nullable: boolean;
}

export interface ListType {
  readonly atomic: boolean;
  /** Sorted by name; none for a set. */
  readonly keys: readonly ListKey[];
  readonly item: () => Type;
}

export interface ListKey {
  readonly name: string;
  /** Counts where an item does not state the key. */
  readonly default: JsonValue | undefined;
}

export interface MapType {
  readonly atomic: boolean;
  /** A declared field; undefined for a key that is not one. */
  readonly field: (name: string) => FieldType | undefined;
  /** Type of all other keys; undefined where the schema allows none. */
  readonly rest: (() => Type) | undefined;
}

export interface FieldType {
  readonly type: Type;
  readonly leaf: FieldEntry;
  /**
   * What a field of a native kind is when absent: Go's zero value, for structs and fields that are always written.
   * So `.spec` is not "added" with its first field; only pointers, maps and optional values are.
   */
  readonly absent: JsonValue | undefined;
  /** A null is a Go value that is written though it is empty: not another one than an absent one. */
  readonly writtenEmpty: boolean;
  /** Of identity and server bookkeeping, which nobody owns: name, uid, resourceVersion, managedFields, … */
  readonly unowned: boolean;
}

/** What holds below a schema until a named component begins anew. */
interface Scope {
  /** A kind of Kubernetes itself, which is a Go struct in kube-apiserver. */
  readonly native: boolean;
  /** Below x-kubernetes-preserve-unknown-fields. */
  readonly preserve: boolean;
}

const untypedScalar = { scalar: 'any', nullable: true } as const;

/** Runtime.RawExtension and items of lists without a schema: any value, as one field. */
const atomicType: Type = {
  ...untypedScalar,
  list: { atomic: true, keys: [], item: () => atomicType },
  map: { atomic: true, field: () => undefined, rest: () => atomicType },
};

/** A field no schema tells of: maps by field, lists as one. */
export const deducedType: Type = {
  ...untypedScalar,
  list: { atomic: true, keys: [], item: () => atomicType },
  map: { atomic: false, field: () => undefined, rest: () => deducedType },
};

const compiled = [0, 1, 2, 3].map(() => new WeakMap<Schema, Type>());

function typeOf(schema: Schema, outer: Scope): Type {
  const scope: Scope = {
    native: outer.native,
    preserve: schema.preserveUnknownFields === true || (outer.preserve && schema.component === undefined),
  };
  const cache = compiled[(scope.native ? 1 : 0) + (scope.preserve ? 2 : 0)]!;
  const known = cache.get(schema);
  if (known) return known;
  const type = compile(schema, scope);
  cache.set(schema, type);
  return type;
}

function compile(schema: Schema, scope: Scope): Type {
  const nullable = schema.nullable === true;
  if (schema.component === 'io.k8s.apimachinery.pkg.runtime.RawExtension') return atomicType;
  if (schema.component === 'io.k8s.apimachinery.pkg.api.resource.Quantity') return { scalar: 'any', nullable };
  switch (schema.type) {
    case 'object':
      return { map: mapOf(schema, scope), nullable };
    case 'array':
      return { list: listOf(schema, scope), nullable };
    case 'boolean':
      return { scalar: 'boolean', nullable };
    case 'integer':
    case 'number':
      return { scalar: 'numeric', nullable };
    case 'string':
      return { scalar: schema.format === undefined || schema.format === 'byte' ? 'string' : 'any', nullable };
    default:
      return { scalar: 'any', list: listOf(schema, scope), map: mapOf(schema, scope), nullable: true };
  }
}

function listOf(schema: Schema, scope: Scope): ListType {
  const { items } = schema;
  const associative = schema.listType ? schema.listType !== 'atomic' : schema.patchStrategy?.startsWith('merge');
  const names = schema.listMapKeys ?? (schema.patchMergeKey && !schema.listType ? [schema.patchMergeKey] : []);
  return {
    atomic: !associative,
    keys: [...names].sort(compareText).map((name) => ({ name, default: items?.properties?.[name]?.default })),
    item: items ? () => typeOf(items, scope) : () => atomicType,
  };
}

function mapOf(schema: Schema, scope: Scope): MapType {
  const properties = knownProperties(schema) ?? {};
  const open = scope.preserve || Object.keys(properties).length === 0;
  const others = schema.additionalProperties;
  return {
    atomic: schema.mapType === 'atomic',
    field: fieldsOf(properties, schema.required ?? [], scope),
    rest: others ? () => typeOf(others, scope) : open ? () => deducedType : undefined,
  };
}

function fieldsOf(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  scope: Scope,
): (name: string) => FieldType | undefined {
  const fields = new Map<string, FieldType>();
  return (name) => {
    const known = fields.get(name);
    if (known || !Object.hasOwn(properties, name)) return known;
    const schema = properties[name]!;
    const field: FieldType = {
      type: typeOf(schema, scope),
      leaf: leafOfField(name),
      writtenEmpty: scope.native,
      absent: scope.native ? zeroValue(schema, required.includes(name)) : undefined,
      unowned: false,
    };
    fields.set(name, field);
    return field;
  };
}

/** Required, and yet left out where they are nil. */
const omittedPointers = new Set(['io.k8s.api.networking.v1.ParentReference']);

/** OpenAPI of native kinds gives every always-written field its zero value as default, `{}` for a struct. */
function zeroValue(schema: Schema, required: boolean): JsonValue | undefined {
  const { default: value, component } = schema;
  if (component !== undefined && omittedPointers.has(component)) return undefined;
  if (value === '' || value === 0 || value === false) return value;
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return value;
  return required ? null : undefined;
}

/** Never owned by anybody, at the top of an object and in its metadata. */
const unownedFields = new Set(['apiVersion', 'kind']);
const unownedMetadata = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]);

const objectTypes = new WeakMap<Schema, Type & { readonly map: MapType }>();

/** The type of a whole object. Field sets of it never name identity and server bookkeeping. */
export function objectType(schema: Schema): Type & { readonly map: MapType } {
  const known = objectTypes.get(schema);
  if (known) return known;
  const native = schema.component?.startsWith('io.k8s.') === true;
  const described = schema.properties?.metadata?.properties ? schema : withEnvelope(schema);
  const map = mapOf(described, { native, preserve: schema.preserveUnknownFields === true });
  const type = { map: withUnowned(map, unownedFields, { metadata: unownedMetadata }), nullable: false };
  objectTypes.set(schema, type);
  return type;
}

function withUnowned(
  map: MapType,
  names: ReadonlySet<string>,
  below: Readonly<Record<string, ReadonlySet<string>>>,
): MapType {
  const changed = new Map<string, FieldType>();
  const field = (name: string): FieldType | undefined => {
    const known = changed.get(name);
    if (known) return known;
    const original = map.field(name);
    const inner = below[name];
    if (!original || (!inner && !names.has(name))) return original;
    const type =
      inner && original.type.map ? { ...original.type, map: withUnowned(original.type.map, inner, {}) } : original.type;
    const result = { ...original, type, unowned: names.has(name) };
    changed.set(name, result);
    return result;
  };
  return { ...map, field };
}

export const isMap = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

export type Shape = 'map' | 'scalar' | 'list';

/** As which shape a value is treated; a value of none of the type's shapes, and null, is treated as the first it has. */
export function shapeOf(type: Type, value: JsonValue | undefined): Shape {
  if (value !== undefined && value !== null) {
    const shape = typeof value !== 'object' ? 'scalar' : Array.isArray(value) ? 'list' : 'map';
    if (type[shape]) return shape;
  }
  return type.map ? 'map' : type.scalar ? 'scalar' : 'list';
}

/** The type below a list item or map key that is not a declared field. */
export const restOf = (map: MapType): Type => map.rest?.() ?? deducedType;

/**
 * The leaf that stands for an item of a list with keys, or of a set; undefined for an item that cannot be told apart:
 * one without any of its keys, null, or (in a set) anything but a scalar.
 */
export function leafOfItem(list: ListType, item: JsonValue): FieldEntry | undefined {
  if (list.keys.length === 0) {
    return typeof item === 'object' ? undefined : leafOfText(`v:${typeof item === 'string' ? jsonString(item) : item}`);
  }
  if (!isMap(item)) return undefined;
  const fields: KeyField[] = [];
  for (const key of list.keys) {
    const stated = item[key.name];
    const value = stated === undefined ? key.default : stated;
    if (value !== undefined) fields.push({ name: key.name, value });
  }
  return fields.length === 0 ? undefined : leafOfText(keyText(fields));
}
