/**
 * Telling what somebody set from what defaulting filled in: a field that comes back by itself when it is taken out
 * was nobody's statement.
 */
import { difference, type FieldSet, intersect, isEmpty, union } from '../fields/fieldset.ts';
import type { KindDefinition } from '../kind/definition.ts';
import type { UnstructuredObject } from '../meta/object.ts';
import { applyDefaults } from '../schema/defaults.ts';
import { type Comparison, compare, touched } from './typed/compare.ts';
import { removeItems } from './typed/remove.ts';

/** Native and schema defaults, as the API server fills them in; what is as in `known` has had them. */
function withDefaults(object: UnstructuredObject, kind: KindDefinition, known: UnstructuredObject): UnstructuredObject {
  const defaulted = applyDefaults(kind.schema, object, known);
  return (kind.native?.defaults?.(defaulted, known) ?? defaulted) as UnstructuredObject;
}

/** What differs once `fields` are taken out and defaulted again. */
const lossOf = (object: UnstructuredObject, kind: KindDefinition, fields: FieldSet): Comparison =>
  compare(kind.schema, withDefaults(removeItems(kind.schema, object, fields), kind, object), object);

/**
 * Fields of `candidates` (leaves, without list keys) that defaulting alone would not give. A default may depend on
 * another field (the pull policy on the image's tag): a field that came back with another value is tried again with
 * its neighbours in place.
 */
export function fieldsBeyondDefaults(object: UnstructuredObject, kind: KindDefinition, candidates: FieldSet): FieldSet {
  if (isEmpty(candidates)) return candidates;
  const loss = lossOf(object, kind, candidates);
  const lost = intersect(candidates, touched(loss));
  const doubtful = intersect(candidates, loss.modified);
  if (isEmpty(doubtful)) return lost;
  return union(difference(lost, doubtful), intersect(doubtful, touched(lossOf(object, kind, doubtful))));
}
