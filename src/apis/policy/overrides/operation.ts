/**
 * What every overrider comes down to: JSON patch operations, applied in order, with a record of where something was
 * set. Stricter than the API server's own patches in one thing, as the reference is: what is not there is not replaced.
 */
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import { keysOf, valueAt } from '#kube/patch/pointer.ts';
import { StatusError } from '#kube/status/status.ts';

export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  /** Absent counts as null; of no meaning to `remove`. */
  readonly value?: JsonValue;
}

/** Where something was set, in the document as it was then: an index counts in that document alone. */
export interface Placed<T = UnstructuredObject> {
  readonly document: T;
  readonly keys: readonly string[];
}

/** Thrown for what cannot be overridden; the message has paths and no values. */
export class OverrideError extends Error {
  override readonly name = 'OverrideError';
}

/** The last key as an index that is there: `-` is the item just added, negative ones count from the end. */
function placedKeys(document: unknown, keys: readonly string[]): readonly string[] {
  const parent = valueAt(document, keys.slice(0, -1));
  if (!Array.isArray(parent) || keys.length === 0) return keys;
  const last = keys.at(-1)!;
  const index = last === '-' ? parent.length - 1 : Number(last);
  return keys.with(-1, String(index < 0 ? index + parent.length : index));
}

/** The same reference where nothing changes. */
function applyOne<T>(document: T, operation: Operation): T {
  const { op, path, value = null } = operation;
  const keys = keysOf(path);
  const current = valueAt(document, keys);
  if (op === 'replace' && current === undefined) throw new OverrideError(`there is nothing to replace at ${path}`);
  const isItem = Array.isArray(valueAt(document, keys.slice(0, -1)));
  if (op !== 'remove' && current !== undefined && !(op === 'add' && isItem) && deepEqual(current, value)) {
    return document;
  }
  try {
    return applyJsonPatch(document, [{ op, path, value }]);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new OverrideError(`${op} ${path}: ${error.status.details?.causes?.[0]?.message ?? error.message}`);
  }
}

/** `placed` collects where something was set. Throws OverrideError. */
export function applyOperations<T>(document: T, operations: readonly Operation[], placed: Placed<T>[] = []): T {
  let result = document;
  for (const operation of operations) {
    result = applyOne(result, operation);
    if (operation.op === 'remove') continue;
    placed.push({ document: result, keys: placedKeys(result, keysOf(operation.path)) });
  }
  return result;
}
