/**
 * Ownership in managedFields after our apply: what we state, and the defaults of it, leave the entries of people's
 * tools, so that a field that later leaves the template leaves the member whole (ARCHITECTURE.md, rule 5).
 */
import { fieldsBeyondDefaults } from '#kube/apply/defaulted.ts';
import {
  difference,
  emptyFieldSet,
  equalSets,
  type FieldEntry,
  type FieldSet,
  fromFieldsV1,
  isEmpty,
  leaves,
  toFieldsV1,
} from '#kube/fields/fieldset.ts';
import { withoutKeyFields } from '#kube/fields/keys.ts';
import { findEntry, setOf } from '#kube/fields/node.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonValue, ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { isHandedOver, isOurs } from './managers.ts';

/** Parents that were in the set for their children's sake go with the last of them. */
function withoutBareParents(before: FieldSet, after: FieldSet): FieldSet {
  const kept: FieldEntry[] = [];
  for (const entry of after.entries) {
    const was = findEntry(before, entry.element);
    const children = was ? withoutBareParents(was.children, entry.children) : entry.children;
    const bare = isEmpty(children) && was !== undefined && !isEmpty(was.children);
    if (!bare) kept.push(children === entry.children ? entry : { ...entry, children });
  }
  return kept.length === after.entries.length && kept.every((entry, i) => entry === after.entries[i])
    ? after
    : setOf(kept);
}

function remainder(
  entry: ManagedFieldsEntry,
  ours: FieldSet,
  live: UnstructuredObject,
  kind: KindDefinition,
): FieldSet {
  const fields = fromFieldsV1(entry.fieldsV1);
  let left = difference(fields, ours);
  if (entry.operation === 'Update') {
    const candidates = withoutKeyFields(leaves(left));
    left = difference(left, difference(candidates, fieldsBeyondDefaults(live, kind, candidates)));
  }
  return equalSets(left, fields) ? fields : withoutBareParents(fields, left);
}

/** The managedFields an object should have after our apply; undefined when they are right already. */
export function handedOver(live: UnstructuredObject, kind: KindDefinition): readonly ManagedFieldsEntry[] | undefined {
  const entries = live.metadata.managedFields ?? [];
  const own = entries.find(isOurs);
  if (!own) return undefined;
  const ours = fromFieldsV1(own.fieldsV1);
  let changed = false;
  const result = entries.flatMap((entry) => {
    if (!isHandedOver(entry, live.apiVersion)) return [entry];
    const fields = fromFieldsV1(entry.fieldsV1);
    const left = remainder(entry, ours, live, kind);
    if (left === fields) return [entry];
    changed = true;
    return isEmpty(left) ? [] : [{ ...entry, fieldsV1: toFieldsV1(left) }];
  });
  return changed ? result : undefined;
}

/** Our entry without fields we leave to another manager: given up before the next apply, never by leaving them out of it. */
export function released(live: UnstructuredObject, yielded: FieldSet): readonly ManagedFieldsEntry[] | undefined {
  const entries = live.metadata.managedFields ?? [];
  const own = entries.find(isOurs);
  const fields = own ? fromFieldsV1(own.fieldsV1) : emptyFieldSet;
  const left = difference(fields, yielded);
  if (equalSets(left, fields)) return undefined;
  return entries.map((entry) =>
    entry === own ? { ...entry, fieldsV1: toFieldsV1(withoutBareParents(fields, left)) } : entry,
  );
}

/** A JSON patch of managedFields alone, refused when the object has changed meanwhile. */
export const managedFieldsPatch = (live: UnstructuredObject, entries: readonly ManagedFieldsEntry[]): JsonValue =>
  [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value: entries },
  ] as unknown as JsonValue;
