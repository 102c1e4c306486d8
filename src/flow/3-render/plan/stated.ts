/**
 * What somebody asked for in a template, as opposed to what an API server filled in (ARCHITECTURE.md, "Takeover by
 * ownership", rule 1). Members are written with these fields alone, so defaults of the control plane never become
 * statements about a member.
 */
import * as annotation from '#apis/names/annotations.ts';
import { clusterPolicyId, policyId } from '#apis/names/labels.ts';
import { fieldsBeyondDefaults } from '#kube/apply/defaulted.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { elementKinds } from '#kube/fields/element.ts';
import {
  difference,
  emptyFieldSet,
  type FieldSet,
  fieldSet,
  fromFieldsV1,
  isEmpty,
  leaves,
  recursiveDifference,
  union,
} from '#kube/fields/fieldset.ts';
import { withoutKeyFields } from '#kube/fields/keys.ts';
import { entryOf, setOf } from '#kube/fields/node.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';

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

/**
 * The list items of a set, themselves and nothing below them: no default makes one, so each was asked for, also one
 * that says no more than its key and defaults (a Service's port).
 */
function listItems(set: FieldSet): FieldSet {
  const entries = set.entries.flatMap(({ element, member, children }) => {
    const item = member && element.kind !== elementKinds.field;
    const below = listItems(children);
    return item || !isEmpty(below) ? [entryOf(element, item, below)] : [];
  });
  return setOf(entries);
}

const counts = (entry: ManagedFieldsEntry) => entry.subresource !== 'status';

/**
 * The stated fields of a template, or `whole` when they cannot be told apart: no managedFields, entries of another
 * version, a Secret's stringData. The set has leaves and list items, these by their keys.
 */
export function statedFields(template: UnstructuredObject, kind: KindDefinition): FieldSet | 'whole' {
  const entries = template.metadata.managedFields?.filter(counts) ?? [];
  if (entries.length === 0) return 'whole';
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
  const rest = difference(clean(updated), stated);
  const candidates = withoutKeyFields(leaves(rest));
  return union(union(leaves(clean(stated)), listItems(rest)), fieldsBeyondDefaults(template, kind, candidates));
}
