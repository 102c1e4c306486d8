/**
 * Strategic merge patch: merge patch that knows lists by their keys, as the schema of a kind says, with the directives
 * `$patch`, `$retainKeys`, `$setElementOrder/x` and `$deleteFromPrimitiveList/x`. Nothing is mutated.
 */
import type { JsonObject } from '../meta/object.ts';
import type { Schema } from '../schema/schema.ts';
import { diffMaps } from './strategic/diff.ts';
import { isMap, notAMap } from './strategic/errors.ts';
import { mergeMap } from './strategic/merge.ts';

/**
 * What kube-apiserver makes of a PATCH with application/strategic-merge-patch+json. Throws BadRequest, Invalid or
 * InternalError with its texts. The result has the type of the document; nothing checks it.
 */
export function applyStrategicMergePatch<T>(document: T, patch: unknown, schema: Schema): T {
  if (!isMap(document) || !isMap(patch)) throw notAMap(patch);
  return mergeMap(document, patch, schema, 'apply') as unknown as T;
}

/** The patch that makes `modified` of `original`; `{}` when they are equal. */
export function createStrategicPatch(original: unknown, modified: unknown, schema: Schema): JsonObject {
  return diffMaps(asMap(original), asMap(modified), schema, { changes: true, deletions: true });
}

/**
 * What `kubectl apply` sends for built-in kinds: additions and changes against what is live, deletions against what was
 * applied last, so that what others added stays.
 */
export function createThreeWayStrategicPatch(
  lastApplied: unknown,
  modified: unknown,
  current: unknown,
  schema: Schema,
): JsonObject {
  const wanted = asMap(modified);
  const changes = diffMaps(asMap(current), wanted, schema, { changes: true, deletions: false });
  const deletions = diffMaps(asMap(lastApplied), wanted, schema, { changes: false, deletions: true });
  return mergeMap(deletions, changes, schema, 'combine');
}

const nothing: JsonObject = {};

function asMap(value: unknown): JsonObject {
  if (value === undefined || value === null) return nothing;
  if (!isMap(value)) throw notAMap(value);
  return value;
}
