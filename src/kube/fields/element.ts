/**
 * One step of a field path: a field by name, a list item by its keys, a set item by its value, a list item by its
 * index. Elements are values; two are the same when their `text` is the same.
 */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { compareText, compareValues } from './order.ts';
import { canonicalJson, jsonString, readableValue } from './text.ts';

/** In the order in which FieldsV1 writes them. */
export const elementKinds = { field: 0, key: 1, value: 2, index: 3 } as const;

export interface PathElement {
  readonly kind: (typeof elementKinds)[keyof typeof elementKinds];
  /** As FieldsV1 writes it: `f:spec`, `k:{"name":"nginx"}`, `v:"kubernetes"`, `i:0`. */
  readonly text: string;
  /** Of a field: its name, else ''. */
  readonly name: string;
  /** Of keys: sorted by name, else empty. */
  readonly keys: readonly KeyField[];
  /** Of a set item: its value; of an index: the number; else null. */
  readonly value: JsonValue;
}

export interface KeyField {
  readonly name: string;
  readonly value: JsonValue;
}

const NO_KEYS: readonly KeyField[] = [];

export const fieldElement = (name: string): PathElement => ({
  kind: elementKinds.field,
  text: `f:${name}`,
  name,
  keys: NO_KEYS,
  value: null,
});

export function keyElement(keys: Readonly<Record<string, JsonValue>>): PathElement {
  const sorted = Object.keys(keys)
    .sort(compareText)
    .map((name) => ({ name, value: keys[name]! }));
  return { kind: elementKinds.key, text: keyText(sorted), name: '', keys: sorted, value: null };
}

/** The text of a key element; `keys` sorted by name. */
export function keyText(keys: readonly KeyField[]): string {
  let text = 'k:{';
  for (let i = 0; i < keys.length; i++) {
    const { name, value } = keys[i]!;
    text += `${i > 0 ? ',' : ''}${jsonString(name)}:${canonicalJson(value)}`;
  }
  return `${text}}`;
}

export const valueElement = (value: JsonValue): PathElement => ({
  kind: elementKinds.value,
  text: `v:${canonicalJson(value)}`,
  name: '',
  keys: NO_KEYS,
  value,
});

export const indexElement = (index: number): PathElement => ({
  kind: elementKinds.index,
  text: `i:${index}`,
  name: '',
  keys: NO_KEYS,
  value: index,
});

/**
 * Reads one key of FieldsV1. Undefined for a prefix nobody knows yet, which is left out as kube-apiserver does;
 * RangeError for what is malformed.
 */
export function parseElement(text: string): PathElement | undefined {
  if (text.charCodeAt(1) !== 58) throw new RangeError(`missing colon: ${text}`);
  const content = text.slice(2);
  switch (text[0]) {
    case 'f':
      return fieldElement(content);
    case 'k':
      return keyElement(parseKeys(content));
    case 'v':
      return valueElement(parseJson(content));
    case 'i':
      if (!/^[+-]?\d+$/.test(content)) throw new RangeError(`not a list index: ${text}`);
      return indexElement(Number(content));
    default:
      return undefined;
  }
}

function parseKeys(content: string): Readonly<Record<string, JsonValue>> {
  const keys = parseJson(content);
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) {
    throw new RangeError(`not a list key: ${content}`);
  }
  return keys as JsonObject as Readonly<Record<string, JsonValue>>;
}

function parseJson(content: string): JsonValue {
  try {
    return JSON.parse(content) as JsonValue;
  } catch {
    throw new RangeError(`not JSON: ${content}`);
  }
}

/** Fields, then keys, values, indexes; each by content. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  if (a.kind !== b.kind) return a.kind - b.kind;
  switch (a.kind) {
    case elementKinds.field:
      return compareText(a.name, b.name);
    case elementKinds.key:
      return compareKeys(a.keys, b.keys);
    default:
      return compareValues(a.value, b.value);
  }
}

function compareKeys(a: readonly KeyField[], b: readonly KeyField[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareText(a[i]!.name, b[i]!.name) || compareValues(a[i]!.value, b[i]!.value);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** As messages show it: `.spec`, `[name="nginx"]`, `[="kubernetes"]`, `[0]`. */
export function formatElement(element: PathElement): string {
  switch (element.kind) {
    case elementKinds.field:
      return `.${element.name}`;
    case elementKinds.key:
      return `[${element.keys.map(({ name, value }) => `${name}=${readableValue(value)}`).join(',')}]`;
    case elementKinds.value:
      return `[=${readableValue(element.value)}]`;
    default:
      return `[${readableValue(element.value)}]`;
  }
}

/** `.spec.template.spec.containers[name="nginx"].image`. */
export function formatPath(path: readonly PathElement[]): string {
  let text = '';
  for (const element of path) text += formatElement(element);
  return text;
}
