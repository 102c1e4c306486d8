/**
 * The template of a running object: what somebody asked for in it, without what its API server filled in and what
 * controllers set (ARCHITECTURE.md, "Takeover by ownership", rule 1 turned round). Pure.
 */
import { lastApplied } from '#apis/names/annotations.ts';
import { prune } from '#flow/3-render/plan/prune.ts';
import { statedFields } from '#flow/3-render/plan/stated.ts';
import { isController } from '#flow/4-execute/plan/managers.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { extractItems } from '#kube/apply/typed/remove.ts';
import {
  emptyFieldSet,
  type FieldSet,
  fromFieldsV1,
  intersect,
  leaves,
  pathsOf,
  recursiveDifference,
  union,
} from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isStatus, ownersOf } from '../changes/owners.ts';
import { toldValue } from '../changes/told.ts';
import { valueAt } from '../changes/value-at.ts';
import type { OwnedField } from '../model.ts';

export interface TemplateOf {
  readonly template: UnstructuredObject;
  /** What controllers set in the running object and the template leaves to them. */
  readonly kept: readonly OwnedField[];
}

/** The record of a client-side apply is about this cluster; the template has managedFields of its own. */
function withoutRecord(object: UnstructuredObject): UnstructuredObject {
  const { annotations, ...metadata } = object.metadata;
  if (!annotations || !(lastApplied in annotations)) return object;
  const { [lastApplied]: _, ...others } = annotations;
  return { ...object, metadata: { ...metadata, ...(Object.keys(others).length > 0 ? { annotations: others } : {}) } };
}

export function templateOf(live: UnstructuredObject, kind: KindDefinition): TemplateOf {
  const entries = live.metadata.managedFields ?? [];
  const peoples = entries.filter((entry) => !isController(entry));
  const asked = { ...live, metadata: { ...live.metadata, managedFields: peoples } };
  // Without anybody's entry nothing can be told apart: all of it was asked for.
  const stated = peoples.length === 0 ? 'whole' : statedFields(asked, kind);
  const clean = withoutRecord(prune(live));
  const template = stated === 'whole' ? clean : extractItems(kind.schema, clean, stated);
  const controllers = entries
    .filter((entry) => isController(entry) && !isStatus(entry))
    .reduce((set, { fieldsV1 }) => union(set, leaves(fromFieldsV1(fieldsV1))), emptyFieldSet);
  const present = fieldSetOf(kind.schema, clean);
  const kept = intersect(recursiveDifference(controllers, fieldSetOf(kind.schema, template)), present);
  return { template: named(template, live), kept: keptIn(live, kept) };
}

function keptIn(live: UnstructuredObject, fields: FieldSet): readonly OwnedField[] {
  const owned = ownersOf(live, fields);
  return pathsOf(leaves(fields)).map((path, i) => {
    const value = valueAt(live, path);
    return value === undefined ? owned[i]! : { ...owned[i]!, value: toldValue(live, owned[i]!.path, value) };
  });
}

/** Its name and place belong to it whoever owns which field. */
const named = (
  template: UnstructuredObject,
  { apiVersion, kind, metadata }: UnstructuredObject,
): UnstructuredObject => ({
  ...template,
  apiVersion,
  kind,
  metadata: {
    name: metadata.name!,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    ...template.metadata,
  },
});
