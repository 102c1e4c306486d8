/**
 * Ownership in managedFields around our apply: what we state, and the defaults of it, leave the entries of people's
 * tools, so that a field that later leaves the template leaves the member whole (ARCHITECTURE.md, rule 5).
 */
import { fieldsBeyondDefaults } from '#kube/apply/defaulted.ts';
import { subtractFromManager } from '#kube/apply/ownership.ts';
import { difference, type FieldSet, fromFieldsV1, leaves, toFieldsV1, union } from '#kube/fields/fieldset.ts';
import { withoutKeyFields } from '#kube/fields/keys.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { isHandedOver, isOfUs, isOurs } from './managers.ts';

/** What an entry loses to us: what we state, and of an Update what defaulting would give back by itself. */
function lost(entry: ManagedFieldsEntry, ours: FieldSet, live: UnstructuredObject, kind: KindDefinition): FieldSet {
  if (entry.operation !== 'Update') return ours;
  const candidates = withoutKeyFields(leaves(difference(fromFieldsV1(entry.fieldsV1), ours)));
  return union(ours, difference(candidates, fieldsBeyondDefaults(live, kind, candidates)));
}

const withEntries = (live: UnstructuredObject, managedFields: readonly ManagedFieldsEntry[]): UnstructuredObject => ({
  ...live,
  metadata: { ...live.metadata, managedFields },
});

const sameEntries = (left: readonly ManagedFieldsEntry[], right: readonly ManagedFieldsEntry[]) =>
  left.length === right.length && left.every((entry) => right.includes(entry));

/** The managedFields an object should have after our apply; undefined when they are right already. */
export function handedOver(live: UnstructuredObject, kind: KindDefinition): readonly ManagedFieldsEntry[] | undefined {
  const before = live.metadata.managedFields ?? [];
  const own = before.find(isOurs);
  if (!own) return undefined;
  const ours = fromFieldsV1(own.fieldsV1);
  let object = live;
  for (const entry of before) {
    if (!isHandedOver(entry, live.apiVersion)) continue;
    object = withEntries(
      live,
      subtractFromManager(object, (each) => each === entry, lost(entry, ours, live, kind)),
    );
  }
  const after = object.metadata.managedFields!;
  return sameEntries(before, after) ? undefined : after;
}

/**
 * The managedFields of an object that we created and nobody has changed: what an apply of `fields` would make of them,
 * for the cost of a patch. Undefined where the entry of our creation is gone, or another version's.
 */
export function ownedAsApplied(
  live: UnstructuredObject,
  fields: FieldSet,
  kind: KindDefinition,
): readonly ManagedFieldsEntry[] | undefined {
  const before = live.metadata.managedFields ?? [];
  const made = before.find((entry) => isOfUs(entry) && entry.apiVersion === live.apiVersion);
  if (!made || before.some(isOurs)) return undefined;
  const own: ManagedFieldsEntry = { ...made, operation: 'Apply', fieldsV1: toFieldsV1(fields) };
  const owned = [own, ...before];
  return handedOver(withEntries(live, owned), kind) ?? owned;
}

/** Our entry without fields we leave to another manager: given up before the next apply, never by leaving them out of it. */
export function released(live: UnstructuredObject, yielded: FieldSet): readonly ManagedFieldsEntry[] | undefined {
  const before = live.metadata.managedFields ?? [];
  const after = subtractFromManager(live, isOurs, yielded);
  return sameEntries(before, after) ? undefined : after;
}
