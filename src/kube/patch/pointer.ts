/** JSON pointers (RFC 6901): the keys one is made of, what is wrong with one, and the value one leads to. */
import type { JsonValue } from '../meta/object.ts';

/** `/a/b~1c` -> ['a', 'b/c']; what stands before the first slash does not count. */
export function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** ['a', 'b/c'] -> `/a/b~1c`. */
export const pointerOf = (keys: readonly string[]): string =>
  keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What is wrong with a pointer that is to lead into a document; undefined for a good one. */
export function pointerProblem(pointer: string): string | undefined {
  if (!pointer.startsWith('/')) return 'JSON pointer must start with a "/"';
  return /~(?![01])/.test(pointer) ? 'in a JSON pointer "~" is written "~0" and "/" within a key "~1"' : undefined;
}

/** Undefined where nothing is. Negative indices count from a list's end, as patches have them. */
export function valueAt(document: unknown, keys: readonly string[]): JsonValue | undefined {
  let value = document;
  for (const key of keys) {
    if (Array.isArray(value)) value = /^-?\d+$/.test(key) ? value.at(Number(key)) : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      value = (value as Readonly<Record<string, unknown>>)[key];
    } else return undefined;
  }
  return value as JsonValue | undefined;
}
