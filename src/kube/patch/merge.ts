/**
 * JSON merge patch (RFC 7386) as kube-apiserver and `kubectl apply` of custom resources use it: null deletes, objects
 * merge, all else replaces. Nothing is mutated; what does not change is shared.
 */
import { deepEqual } from '../meta/equal.ts';
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { badRequest } from '../status/errors.ts';
import { define } from './member.ts';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws BadRequest when the patch is no object. The result has the type of the document; nothing checks it. */
export function applyMergePatch<T>(document: T, patch: unknown): T {
  if (!isObject(patch)) throw badRequest('Invalid JSON Patch');
  return merge(document as unknown as JsonValue, patch) as unknown as T;
}

function merge(document: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(document)) return withoutNulls(patch);
  if (!isObject(patch)) return patch;
  let merged: Record<string, JsonValue | undefined> | undefined;
  for (const [key, change] of Object.entries(patch)) {
    const old = Object.hasOwn(document, key) ? document[key] : undefined;
    if (change === undefined) continue;
    if (change === null) {
      if (!Object.hasOwn(document, key)) continue;
      merged ??= { ...document };
      delete merged[key];
      continue;
    }
    const value = old === undefined || old === null ? withoutNulls(change) : merge(old, change);
    if (value === old) continue;
    merged ??= { ...document };
    define(merged, key, value);
  }
  return merged ?? document;
}

/** The value without null members, also those of objects in lists; null items of lists stay. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => (item === null ? null : withoutNulls(item)));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  let changed = false;
  const kept: Record<string, JsonValue | undefined> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === null || member === undefined) {
      changed = true;
      continue;
    }
    const clean = withoutNulls(member);
    if (clean !== member) changed = true;
    define(kept, key, clean);
  }
  return changed ? kept : value;
}

/** The patch that makes `to` of `from`; `{}` when they are equal. A null in `to` cannot be said and deletes. */
export function createMergePatch(from: unknown, to: unknown): JsonObject {
  if (!isObject(from) || !isObject(to)) throw new TypeError('a merge patch is made between objects');
  const patch: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue;
    const old = Object.hasOwn(from, key) ? from[key] : undefined;
    if (isObject(old) && isObject(value)) {
      const inner = createMergePatch(old, value);
      if (Object.keys(inner).length > 0) define(patch, key, inner);
    } else if (!deepEqual(old, value)) define(patch, key, value);
  }
  for (const key of Object.keys(from)) {
    if (from[key] !== undefined && (!Object.hasOwn(to, key) || to[key] === undefined)) define(patch, key, null);
  }
  return patch;
}

/**
 * What `kubectl apply` sends for kinds without strategic merge: additions and changes against what is live, deletions
 * against what was applied last, so that what others added stays.
 */
export function createThreeWayMergePatch(lastApplied: unknown, modified: unknown, current: unknown): JsonObject {
  const changes = split(createMergePatch(current ?? {}, modified), 'changes');
  const deletions = split(createMergePatch(lastApplied ?? {}, modified), 'deletions');
  return merge(deletions, changes) as JsonObject;
}

/** The part of a merge patch that only deletes, or the part that never does. */
function split(patch: JsonObject, part: 'changes' | 'deletions'): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) {
      if (part === 'deletions') define(kept, key, null);
    } else if (isObject(value) && Object.keys(value).length > 0) {
      const inner = split(value, part);
      if (Object.keys(inner).length > 0) define(kept, key, inner);
    } else if (part === 'changes') define(kept, key, value);
  }
  return kept;
}
