/** Reading parts of objects that have no type here. */
import type { JsonObject, JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const at = (value: unknown, ...path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value as JsonValue);

/** '' for what is no text. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function itemsAt(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly JsonValue[]).filter(isObject) : [];
}

export const specOf = (object: KubeObject | undefined): JsonObject =>
  ((object as UnstructuredObject | undefined)?.spec ?? {}) as JsonObject;
