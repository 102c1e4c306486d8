/** What an apply takes away: fields its manager applied before, applies no more, and nobody else owns. */
import { difference, intersect, union } from '#kube/fields/algebra.ts';
import { type FieldSet, fieldSet, isEmpty } from '#kube/fields/fieldset.ts';
import type { Schema } from '#kube/schema/schema.ts';
import type { Managers } from './managers.ts';
import { fieldSetOf } from './typed/field-set.ts';
import { removeItemsToNull, withNamedParents } from './typed/remove.ts';

/** Every object has a name, so its metadata is never left over as a whole. */
const always = fieldSet(['metadata']);

/**
 * `merged` without the leftovers of `last`. `managers` hold what the applier states now. Items that nobody owns, such as
 * defaults below a removed field, go with their parent only if the applier owned the parent.
 */
export function prune<T>(schema: Schema, merged: T, last: FieldSet, applied: FieldSet, managers: Managers): T {
  if (isEmpty(difference(last, applied))) return merged;
  const fieldsOf = (object: T): FieldSet => withNamedParents(schema, fieldSetOf(schema, object));
  const lastWithParents = difference(withNamedParents(schema, last), always);
  const present = fieldsOf(merged);
  const untouched = fieldsOf(removeItemsToNull(schema, merged, lastWithParents));
  let owned = always;
  for (const { fields } of managers.values()) owned = union(owned, fields);
  const kept = union(untouched, withNamedParents(schema, owned));
  const withOwned = removeItemsToNull(schema, merged, difference(present, kept));
  const gone = difference(present, fieldsOf(withOwned));
  return removeItemsToNull(schema, merged, intersect(gone, lastWithParents));
}
