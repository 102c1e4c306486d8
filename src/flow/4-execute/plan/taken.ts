/**
 * What overrides took from a manifest and somebody's tool has set in the member: it is handed over to us first, and the
 * next apply, which does not have it, prunes it (ARCHITECTURE.md, "Takeover by ownership", rule 10).
 */
import { giveFieldsTo, subtractFromManager } from '#kube/apply/ownership.ts';
import {
  atOrBelow,
  difference,
  emptyFieldSet,
  type FieldSet,
  fromFieldsV1,
  isEmpty,
  recursiveDifference,
  toFieldsV1,
  union,
} from '#kube/fields/fieldset.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { fieldManager, isHandedOver, isOurs } from './managers.ts';

/** Of the removed fields, those that people's tools own in the member; `present` and `left` are not to go. */
export function stillTheirs(live: UnstructuredObject, removed: FieldSet, present: FieldSet, left: FieldSet): FieldSet {
  if (isEmpty(removed)) return emptyFieldSet;
  const theirs = (live.metadata.managedFields ?? [])
    .filter((entry) => isHandedOver(entry, live.apiVersion))
    .reduce((set, entry) => union(set, atOrBelow(fromFieldsV1(entry.fieldsV1), removed)), emptyFieldSet);
  return recursiveDifference(difference(theirs, present), left);
}

/** managedFields with these fields ours and no tool's. */
export function takenOver(live: UnstructuredObject, fields: FieldSet): readonly ManagedFieldsEntry[] {
  const others = subtractFromManager(live, (entry) => isHandedOver(entry, live.apiVersion), fields);
  const own = others.find(isOurs) ?? {
    manager: fieldManager,
    operation: 'Apply',
    apiVersion: live.apiVersion,
    fieldsType: 'FieldsV1',
  };
  const pool: ManagedFieldsEntry = { ...own, manager: `${fieldManager}-taken`, fieldsV1: toFieldsV1(fields) };
  const pooled = { ...live, metadata: { ...live.metadata, managedFields: [...others, pool] } };
  return giveFieldsTo(pooled, (entry) => entry.manager === pool.manager, [{ entry: own, fields }]);
}
