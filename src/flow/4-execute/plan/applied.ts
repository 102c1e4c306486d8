/** Which fields of a manifest we apply to a member's object (ARCHITECTURE.md, "Takeover by ownership", rules 2 and 3). */
import { removedFields, restartedAt, statedFields, writtenFields } from '#apis/names/annotations.ts';
import type { Work } from '#apis/work/work.ts';
import { compare, touched } from '#kube/apply/typed/compare.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import {
  emptyFieldSet,
  type FieldSet,
  fieldSet,
  fromFieldsText,
  fromFieldsV1,
  has,
  intersect,
  recursiveDifference,
  union,
} from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { isController, isOurs, isScale } from './managers.ts';

/** FieldsV1 in an annotation; undefined for what is not. */
function fieldsIn(text: string | undefined): FieldSet | undefined {
  try {
    return text === undefined ? undefined : fromFieldsText(text);
  } catch {
    return undefined;
  }
}

/** What a Work says is stated; the whole manifest where it says nothing that can be read. */
export const statedIn = (work: Work, manifest: UnstructuredObject, schema: Schema): FieldSet =>
  fieldsIn(work.metadata.annotations?.[statedFields]) ?? fieldSetOf(schema, manifest);

/** What overrides took from the Work's manifest. */
export const removedIn = (work: Work): FieldSet =>
  fieldsIn(work.metadata.annotations?.[removedFields]) ?? emptyFieldSet;

/** What a full update of ours stated; an apply's fields are in managedFields. */
export const writtenBefore = (live: UnstructuredObject): FieldSet =>
  fieldsIn(live.metadata.annotations?.[writtenFields]) ?? emptyFieldSet;

export function appliedBefore(live: UnstructuredObject): FieldSet {
  const entry = live.metadata.managedFields?.find(isOurs);
  return entry ? fromFieldsV1(entry.fieldsV1) : emptyFieldSet;
}

const ownedBy = (live: UnstructuredObject, owns: typeof isController): FieldSet =>
  (live.metadata.managedFields ?? [])
    .filter((entry) => entry.subresource !== 'status' && owns(entry))
    .reduce((set, entry) => union(set, fromFieldsV1(entry.fieldsV1)), emptyFieldSet);

const restartPath = ['spec', 'template', 'metadata', 'annotations', restartedAt];

/** A field a person had set in the member before it was adopted, and what the manifest said of it then. */
export interface Deferred {
  readonly path: readonly string[];
  /** The manifest's value at adoption; once it says another, it counts for good. */
  readonly value: JsonValue | null;
}

function valueAt(object: unknown, path: readonly string[]): JsonValue | null {
  let value: unknown = object;
  for (const step of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  return (value ?? null) as JsonValue | null;
}

/** What a person's `scale` or `rollout restart` had set in the object to be adopted. */
export function deferredAtAdoption(live: UnstructuredObject, manifest: UnstructuredObject): readonly Deferred[] {
  const paths: (readonly string[])[] = [];
  const scaled = (live.metadata.managedFields ?? []).some((entry) => isScale(entry) && !isController(entry));
  if (scaled) paths.push(['spec', 'replicas']);
  if (valueAt(live, restartPath) !== null) paths.push(restartPath);
  return paths.map((path) => ({ path, value: valueAt(manifest, path) }));
}

/** The deferrals that still hold: a field that the manifest has changed, or that we have applied since, is ours. */
export function stillDeferred(
  deferred: readonly Deferred[],
  manifest: UnstructuredObject,
  live: UnstructuredObject,
): readonly Deferred[] {
  if (deferred.length === 0) return deferred;
  const before = union(appliedBefore(live), writtenBefore(live));
  const held = deferred.filter(({ path, value }) => deepEqual(valueAt(manifest, path), value) && !has(before, path));
  return held.length === deferred.length ? deferred : held;
}

export interface AppliedInput {
  readonly manifest: UnstructuredObject;
  /** The manifest with what the interpreter retains of the live object. */
  readonly retained: UnstructuredObject;
  readonly stated: FieldSet;
  readonly live: UnstructuredObject;
  /** Those that still hold. */
  readonly deferred: readonly Deferred[];
  readonly schema: Schema;
}

/** Fields we leave to others: their controllers', what the retain hook keeps, what people had set before adoption. */
export function yielded({ manifest, retained, live, deferred, schema }: Omit<AppliedInput, 'stated'>): FieldSet {
  const kept = manifest === retained ? emptyFieldSet : touched(compare(schema, manifest, retained));
  return union(union(ownedBy(live, isController), kept), fieldSet(...deferred.map(({ path }) => path)));
}

/** (newly stated and applied before), where the manifest has them, less what is yielded. */
export function appliedFields(input: AppliedInput, before: FieldSet, left: FieldSet): FieldSet {
  const present = fieldSetOf(input.schema, input.manifest);
  return recursiveDifference(intersect(union(input.stated, before), present), left);
}
