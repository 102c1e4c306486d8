/**
 * The builder kinds are declared with: every function returns a plain Schema that also carries the TypeScript type of
 * the values it describes, so one declaration gives schema and type (`Static<typeof node>`).
 */

import type { JsonObject, JsonValue, KubeObject } from '../meta/object.ts';
import { trustPattern } from './pattern.ts';
import type { Schema } from './schema.ts';

declare const described: unique symbol;

/** A schema of values of type T. */
export interface Node<T> extends Schema {
  /** Carries the type only; never set. */
  readonly [described]?: T;
}

/** A node with a default: its field is always there when read. */
export interface DefaultedNode<T> extends Node<T> {
  readonly default: JsonValue;
}

/** A field that must be given. */
export interface RequiredField<T> {
  readonly required: true;
  readonly node: Node<T>;
}

export type Field = Node<unknown> | RequiredField<unknown>;
export type Fields = Readonly<Record<string, Field>>;

type TypeOf<F> = F extends RequiredField<infer T> ? T : F extends Node<infer T> ? T : never;
type IsPresent<F> = F extends { readonly required: true } | { readonly default: JsonValue } ? true : false;
type Flat<T> = { [K in keyof T]: T[K] };

/** The type an object with these fields has: optional unless `required(...)` or with a default. */
export type ObjectOf<F extends Fields> = Flat<
  { readonly [K in keyof F as IsPresent<F[K]> extends true ? K : never]: TypeOf<F[K]> } & {
    readonly [K in keyof F as IsPresent<F[K]> extends true ? never : K]?: TypeOf<F[K]>;
  }
>;

/** The TypeScript type of what a node describes. */
export type Static<N> = N extends Node<infer T> ? T : never;

type Extra<K extends keyof Schema> = Pick<Schema, K | 'description' | 'validations'>;
type StringExtra = Extra<'pattern' | 'minLength' | 'maxLength' | 'format' | 'enum'>;
type NumberExtra = Extra<
  'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum' | 'multipleOf' | 'format' | 'enum'
>;
type ListExtra = Extra<
  'minItems' | 'maxItems' | 'uniqueItems' | 'listType' | 'listMapKeys' | 'patchStrategy' | 'patchMergeKey'
>;
type ObjectExtra = Extra<
  | 'minProperties'
  | 'maxProperties'
  | 'mapType'
  | 'preserveUnknownFields'
  | 'oneOf'
  | 'anyOf'
  | 'allOf'
  | 'not'
  | 'component'
>;

/** What this program declares itself need not be watched for patterns that go on for ever. */
const withTrust = (extra: StringExtra | undefined): StringExtra | undefined => {
  if (extra?.pattern !== undefined) trustPattern(extra.pattern);
  return extra;
};

export const string = (extra?: StringExtra): Node<string> => ({ type: 'string', ...withTrust(extra) });
export const boolean = (extra?: Extra<never>): Node<boolean> => ({ type: 'boolean', ...extra });
export const number = (extra?: NumberExtra): Node<number> => ({ type: 'number', ...extra });
/** Without a format; Go's `int` is `int64`, most fields are `int32`. */
export const integer = (extra?: NumberExtra): Node<number> => ({ type: 'integer', ...extra });
export const int32 = (extra?: NumberExtra): Node<number> => ({ type: 'integer', format: 'int32', ...extra });
export const int64 = (extra?: NumberExtra): Node<number> => ({ type: 'integer', format: 'int64', ...extra });
/** RFC 3339, as metav1.Time writes it. */
export const dateTime = (extra?: Extra<never>): Node<string> => ({ type: 'string', format: 'date-time', ...extra });
/** Base64 in JSON. */
export const bytes = (extra?: Extra<never>): Node<string> => ({ type: 'string', format: 'byte', ...extra });

/** One of these strings. */
export function enumeration<const V extends string>(values: readonly V[], extra?: Extra<never>): Node<V> {
  return { type: 'string', enum: values, ...extra };
}

const integerOrString: readonly Schema[] = [{ type: 'integer' }, { type: 'string' }];

/** util/intstr.IntOrString. */
export const intOrString = (extra?: StringExtra): Node<number | string> => ({
  anyOf: integerOrString,
  intOrString: true,
  ...withTrust(extra),
});

/** The pattern controller-gen gives resource.Quantity. */
const quantityPattern =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** resource.Quantity as CRDs declare it. */
export const quantity = (extra?: Extra<never>): Node<number | string> =>
  intOrString({ pattern: quantityPattern, ...extra });

/** A list; atomic unless `listType` says otherwise. */
export function array<T>(items: Node<T>, extra?: ListExtra): Node<readonly T[]> {
  return { type: 'array', items, ...extra };
}

/** A list whose items are known by these fields; each key must be required or have a default. */
export function listMap<T>(keys: readonly (keyof T & string)[], items: Node<T>, extra?: ListExtra): Node<readonly T[]> {
  return { type: 'array', items, listType: 'map', listMapKeys: keys, ...extra };
}

/** A list of scalars without duplicates, merged item by item. */
export function setOf<T>(items: Node<T>, extra?: ListExtra): Node<readonly T[]> {
  return { type: 'array', items, listType: 'set', ...extra };
}

/** A map from any key. */
export function map<T>(values: Node<T>, extra?: ObjectExtra): Node<Readonly<Record<string, T>>> {
  return { type: 'object', additionalProperties: values, ...extra };
}

/** An object with these fields. */
export function object<F extends Fields>(fields: F, extra?: ObjectExtra): Node<ObjectOf<F>> {
  const properties: Record<string, Schema> = {};
  const names: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (isRequired(field)) {
      names.push(name);
      properties[name] = field.node;
    } else properties[name] = field;
  }
  return { type: 'object', properties, ...(names.length > 0 ? { required: names } : {}), ...extra };
}

/** An object whose fields nobody here knows: runtime.RawExtension as most CRDs declare it. */
export const rawObject = (extra?: Extra<never>): Node<JsonObject> => ({
  type: 'object',
  preserveUnknownFields: true,
  ...extra,
});

/** A whole Kubernetes object inside another: apiVersion, kind and metadata are checked, the rest is kept. */
export const embeddedObject = (extra?: Extra<never>): Node<KubeObject & JsonObject> => ({
  type: 'object',
  embeddedResource: true,
  preserveUnknownFields: true,
  ...extra,
});

/** Any JSON: apiextensions.JSON. */
export const anyValue = (extra?: Extra<never>): Node<JsonValue> => ({ preserveUnknownFields: true, ...extra });

/** The field must be given; an object's `required` list is made from these. */
export const required = <T>(node: Node<T>): RequiredField<T> => ({ required: true, node });

/** The value is filled in when the field is absent; `{}` stands for an object made of its own fields' defaults. */
export function withDefault<T>(
  node: Node<T>,
  value: (T & JsonValue) | (T extends object ? Record<string, never> : never),
): DefaultedNode<T> {
  return { ...node, default: value };
}

/** `null` is a value of its own. */
export const nullable = <T>(node: Node<T>): Node<T | null> => ({ ...node, nullable: true }) as Node<T | null>;

function isRequired(field: Field): field is RequiredField<unknown> {
  return (field as RequiredField<unknown>).required === true;
}
