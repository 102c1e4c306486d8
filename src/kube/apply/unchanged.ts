/** Writes that change nothing: they must not even change a time, or each would be a new revision. */
import { equalSets, fromFieldsV1 } from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';

/**
 * `updated`, with `old`'s managedFields where nothing but their times differs; `old` itself where then nothing differs at
 * all. To be asked once more when defaults and canonical forms have been applied after an apply.
 */
export function settleTimes<T extends KubeObject>(old: KubeObject, updated: T): T {
  const before = old.metadata.managedFields;
  const after = updated.metadata.managedFields;
  if (before !== after && (!before || !after || before.length !== after.length)) return updated;
  if (before !== after && !sameButTimes(before!, after!)) return updated;
  if (!equalButEntries(old, updated)) return updated;
  return old as T;
}

function sameButTimes(before: readonly ManagedFieldsEntry[], after: readonly ManagedFieldsEntry[]): boolean {
  return after.every((entry, index) => sameEntry(before[index]!, entry));
}

const sameEntry = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean =>
  a === b ||
  (a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource &&
    (a.fieldsV1 === b.fieldsV1 || equalSets(fromFieldsV1(a.fieldsV1), fromFieldsV1(b.fieldsV1))));

function equalButEntries(old: KubeObject, updated: KubeObject): boolean {
  return (
    equalBut('metadata', old as unknown as JsonObject, updated as unknown as JsonObject) &&
    equalBut('managedFields', old.metadata as unknown as JsonObject, updated.metadata as unknown as JsonObject)
  );
}

function equalBut(exempt: string, before: JsonObject, after: JsonObject): boolean {
  for (const key in after) if (key !== exempt && !deepEqual(before[key], after[key])) return false;
  for (const key in before) {
    if (key !== exempt && before[key] !== undefined && after[key] === undefined) return false;
  }
  return true;
}
