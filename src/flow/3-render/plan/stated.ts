/**
 * What somebody asked for in a template, as opposed to what an API server filled in (ARCHITECTURE.md, "Takeover by
 * ownership", rule 1). Members are written with these fields alone, so defaults of the control plane never become
 * statements about a member.
 */
import * as annotation from '#apis/names/annotations.ts';
import { clusterPolicyId, policyId } from '#apis/names/labels.ts';
import { compare, touched } from '#kube/apply/typed/compare.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { removeItems } from '#kube/apply/typed/remove.ts';
import {
  difference,
  emptyFieldSet,
  type FieldSet,
  fieldSet,
  fromFieldsV1,
  intersect,
  isEmpty,
  leaves,
  recursiveDifference,
  union,
} from '#kube/fields/fieldset.ts';
import { withoutKeyFields } from '#kube/fields/keys.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { applyDefaults } from '#kube/schema/defaults.ts';

/** Our own claim, and what no template states. */
const neverStated = fieldSet(
  ['status'],
  ['metadata', 'labels', policyId],
  ['metadata', 'labels', clusterPolicyId],
  ['metadata', 'annotations', annotation.policyNamespace],
  ['metadata', 'annotations', annotation.policyName],
  ['metadata', 'annotations', annotation.clusterPolicyName],
  ['metadata', 'finalizers'],
  ['metadata', 'ownerReferences'],
);

/** The parents of the claim keys: a policy's claim makes them without stating them. */
const markParents = fieldSet(['metadata', 'labels'], ['metadata', 'annotations']);

const clean = (set: FieldSet): FieldSet => recursiveDifference(difference(set, markParents), neverStated);

function lastAppliedFields(template: UnstructuredObject, kind: KindDefinition): FieldSet | 'whole' {
  const text = template.metadata.annotations?.[annotation.lastApplied];
  if (text === undefined) return emptyFieldSet;
  try {
    const config = JSON.parse(text) as UnstructuredObject;
    if (config.apiVersion !== template.apiVersion || config.stringData !== undefined) return 'whole';
    return fieldSetOf(kind.schema, config);
  } catch {
    // Not a configuration: nothing can be told from it.
    return 'whole';
  }
}

/** Native and schema defaults, as the API server fills them in. */
function withDefaults(object: UnstructuredObject, kind: KindDefinition): UnstructuredObject {
  const defaulted = applyDefaults(kind.schema, object);
  return (kind.native?.defaults?.(defaulted) ?? defaulted) as UnstructuredObject;
}

/** Which of `fields` differ after they are taken out and defaulted again; a parent's mere presence counts for nothing. */
function lostWithout(template: UnstructuredObject, kind: KindDefinition, fields: FieldSet): FieldSet {
  const restored = withDefaults(removeItems(kind.schema, template, fields), kind);
  return intersect(fields, touched(compare(kind.schema, restored, template)));
}

/** Which of `fields` get another value, not none, when they are left to defaulting. */
function defaultedOtherwise(template: UnstructuredObject, kind: KindDefinition, fields: FieldSet): FieldSet {
  const restored = withDefaults(removeItems(kind.schema, template, fields), kind);
  return intersect(fields, compare(kind.schema, restored, template).modified);
}

/**
 * Fields of `candidates` that defaulting alone would not give. A default may depend on another field (the pull policy
 * on the image's tag): a field that came back with another value is tried again with its neighbours in place.
 */
function beyondDefaults(template: UnstructuredObject, kind: KindDefinition, candidates: FieldSet): FieldSet {
  if (isEmpty(candidates)) return candidates;
  const lost = lostWithout(template, kind, candidates);
  const doubtful = defaultedOtherwise(template, kind, candidates);
  if (isEmpty(doubtful)) return lost;
  return union(difference(lost, doubtful), lostWithout(template, kind, doubtful));
}

const counts = (entry: ManagedFieldsEntry) => entry.subresource !== 'status';

/**
 * The stated fields of a template, or `whole` when they cannot be told apart: no managedFields, entries of another
 * version, a Secret's stringData. The set has leaves only, and list items by their keys.
 */
export function statedFields(template: UnstructuredObject, kind: KindDefinition | undefined): FieldSet | 'whole' {
  const entries = template.metadata.managedFields?.filter(counts) ?? [];
  if (!kind || entries.length === 0) return 'whole';
  let stated = lastAppliedFields(template, kind);
  if (stated === 'whole') return 'whole';
  let updated = emptyFieldSet;
  for (const entry of entries) {
    if (entry.apiVersion !== template.apiVersion && entry.subresource !== 'scale') {
      if (!isEmpty(clean(fromFieldsV1(entry.fieldsV1)))) return 'whole';
      continue;
    }
    const fields = fromFieldsV1(entry.fieldsV1);
    if (entry.operation === 'Apply') stated = union(stated, fields);
    else updated = union(updated, fields);
  }
  const candidates = withoutKeyFields(leaves(difference(clean(updated), stated)));
  return union(leaves(clean(stated)), beyondDefaults(template, kind, candidates));
}
