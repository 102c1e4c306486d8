/** What a change takes from other managers: the core that updates and applies share. */
import { difference, intersect, recursiveDifference, union } from '#kube/fields/algebra.ts';
import { type FieldSet, isEmpty } from '#kube/fields/fieldset.ts';
import type { KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import type { Manager, Managers } from './managers.ts';
import { type Comparison, compare, touched } from './typed/compare.ts';
import { reconcileWithSchema } from './typed/reconcile.ts';

/** The two objects' difference without the fields that this endpoint resets and so never changes. */
export function comparison(
  schema: Schema,
  before: unknown,
  after: unknown,
  resetFields: FieldSet | undefined,
): Comparison {
  const whole = compare(schema, before, after);
  if (!resetFields || isEmpty(resetFields)) return whole;
  return {
    added: recursiveDifference(whole.added, resetFields),
    modified: recursiveDifference(whole.modified, resetFields),
    removed: recursiveDifference(whole.removed, resetFields),
  };
}

/** Whether the fields of an apiVersion are named as those of the version in hand. */
export type Alike = (apiVersion: string | undefined) => boolean;

/** The difference of two objects as another apiVersion has them; undefined where it is not known. */
export type Elsewhere = (apiVersion: string, before: unknown, after: unknown) => Comparison | undefined;

interface Versioned {
  readonly apiVersion: string;
  /** Other versions whose fields are named alike; none when absent. */
  readonly isAlike?: Alike | undefined;
  /** Of versions that are not alike; when absent their managers stay as they are. */
  readonly elsewhere?: Elsewhere | undefined;
}

/** What a change does, in the fields of one version. */
interface Effect {
  readonly changed: FieldSet;
  readonly lost: FieldSet;
}

export type Effects = (apiVersion: string | undefined) => Effect | undefined;

/** Without another word a version is like itself only. */
export function effectsOf(
  { apiVersion, isAlike, elsewhere }: Versioned,
  changes: Comparison,
  before: unknown,
  after: unknown,
): Effects {
  let here: Effect | undefined;
  const others = new Map<string, Effect | undefined>();
  return (version) => {
    if (isAlike ? isAlike(version) : version === apiVersion) {
      here ??= effectOf(changes);
      return here;
    }
    if (!elsewhere || version === undefined) return undefined;
    if (!others.has(version)) {
      const there = elsewhere(version, before, after);
      others.set(version, there && effectOf(there));
    }
    return others.get(version);
  };
}

const effectOf = (changes: Comparison): Effect => ({ changed: touched(changes), lost: lostFields(changes) });

/** Fields of others that were given another value, by manager id. */
export function conflictsWith(managers: Managers, self: string, effects: Effects): ReadonlyMap<string, FieldSet> {
  const conflicts = new Map<string, FieldSet>();
  for (const [id, manager] of managers) {
    const effect = id === self ? undefined : effects(manager.entry.apiVersion);
    if (!effect) continue;
    const shared = intersect(manager.fields, effect.changed);
    if (!isEmpty(shared)) conflicts.set(id, shared);
  }
  return conflicts;
}

/**
 * Everybody but `self` loses the fields that changed or went. Entries in an apiVersion of which nothing is known stay as
 * they are: their paths may mean something else there.
 */
export function withoutLost(managers: Managers, self: string, effects: Effects): Map<string, Manager> {
  const result = new Map<string, Manager>();
  for (const [id, manager] of managers) {
    const effect = id === self ? undefined : effects(manager.entry.apiVersion);
    const fields = effect ? difference(manager.fields, effect.lost) : manager.fields;
    if (isEmpty(fields)) continue;
    result.set(id, fields === manager.fields ? manager : { entry: manager.entry, fields });
  }
  return result;
}

export const lostFields = ({ added, modified, removed }: Comparison): FieldSet =>
  union(union(modified, added), removed);

/** Managers whose sets fit the schema as it is now; the same map when all do. */
export function reconciled(schema: Schema, managers: Managers, apiVersion: string): Managers {
  let result: Map<string, Manager> | undefined;
  for (const [id, { entry, fields }] of managers) {
    if (entry.apiVersion !== apiVersion) continue;
    const fitting = reconcileWithSchema(schema, fields);
    if (fitting === fields) continue;
    result ??= new Map(managers);
    result.set(id, { entry, fields: fitting });
  }
  return result ?? managers;
}

/** The object with these managedFields; the same reference when it has them already. */
export function withManagedFields<T extends KubeObject>(
  object: T,
  managedFields: readonly ManagedFieldsEntry[] | undefined,
): T {
  if (sameEntries(object.metadata.managedFields, managedFields)) return object;
  if (managedFields) return { ...object, metadata: { ...object.metadata, managedFields } };
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function sameEntries(
  a: readonly ManagedFieldsEntry[] | undefined,
  b: readonly ManagedFieldsEntry[] | undefined,
): boolean {
  if (a === b) return true;
  return a?.length === b?.length && a!.every((entry, index) => entry === b![index]);
}
