/**
 * Ownership upkeep on create, update and patch: whoever writes owns what the write changed. Every write of every
 * controller passes here, so an unchanged subtree is never looked at and an unchanged entry never written anew.
 */
import { difference, type FieldSet, isEmpty, union } from '#kube/fields/fieldset.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { capUpdaters } from './cap.ts';
import {
  type Alike,
  comparison,
  type Elsewhere,
  effectsOf,
  lostFields,
  reconciled,
  withManagedFields,
  withoutLost,
} from './compared.ts';
import { fieldsOfNew } from './created.ts';
import { type Manager, type Managers, managerId, noManagers, readManagers, writeManagers } from './managers.ts';
import { entryTime } from './time.ts';
import { touched } from './typed/compare.ts';
import { settleTimes } from './unchanged.ts';

export interface UpdateRecord<T extends KubeObject = KubeObject> {
  readonly schema: Schema;
  /** Absent on create. */
  readonly old?: KubeObject | undefined;
  /** The object to be stored, defaulted; its managedFields are those the client sent. */
  readonly updated: T;
  /** fieldManager, or the product of the User-Agent; '' becomes `unknown`. */
  readonly manager: string;
  readonly apiVersion: string;
  /** Other versions whose fields are named alike; none when absent. */
  readonly isAlike?: Alike | undefined;
  /** Of versions that are not alike; when absent their managers stay as they are. */
  readonly elsewhere?: Elsewhere | undefined;
  readonly subresource?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What this endpoint never changes: status on the main resource, all else on status. */
  readonly resetFields?: FieldSet | undefined;
}

/**
 * `updated` with its managedFields brought up to date: the manager's Update entry gains what changed, all others lose
 * it. A client's own managedFields count where they are valid and this is not a subresource; `[]` or `[{}]` resets:
 * nothing is tracked until the next apply. A write that changes nothing but times gets `old`'s entries back.
 */
export function recordUpdate<T extends KubeObject>(record: UpdateRecord<T>): T {
  const { schema, old, updated } = record;
  const entries = priorEntries(record);
  const prior = readManagers(entries) ?? noManagers;
  const created = !old?.metadata.uid;
  if (prior.size === 0 && !old) return withManagedFields(updated, writeManagers(creator(record)));
  if (prior.size === 0 && !created) return withManagedFields(updated, undefined);
  const managers = managersAfterUpdate(schema, prior, old ?? emptyObject, record);
  if (managers !== prior) return withManagedFields(updated, writeManagers(managers));
  const result = withManagedFields(updated, entries);
  return old && entries !== old.metadata.managedFields ? settleTimes(old, result) : result;
}

/** Whoever creates an object owns all it holds. */
function creator(record: UpdateRecord): Managers {
  const entry = entryFor('Update', record);
  return new Map([
    [managerId(entry), { entry, fields: fieldsOfNew(record.schema, record.updated, record.resetFields) }],
  ]);
}

/** What a new object is compared with: an object whose fields are all absent. */
const emptyObject = Object.freeze({ metadata: Object.freeze({}) });

type UpdateFacts = Pick<
  UpdateRecord,
  'updated' | 'manager' | 'apiVersion' | 'isAlike' | 'elsewhere' | 'subresource' | 'now' | 'resetFields'
>;

/** The managers after the change from `before` to `updated`; the same map when nothing anybody may own changed. */
export function managersAfterUpdate(schema: Schema, prior: Managers, before: unknown, facts: UpdateFacts): Managers {
  const { apiVersion, updated, resetFields } = facts;
  const fitting = reconciled(schema, prior, apiVersion);
  const changes = comparison(schema, before, updated, resetFields);
  const lost = lostFields(changes);
  if (isEmpty(lost)) return fitting;
  const gained = touched(changes);
  const entry = entryFor('Update', facts);
  const self = managerId(entry);
  const managers = withoutLost(fitting, self, effectsOf(facts, changes, before, updated));
  const own = fitting.get(self);
  const fields = own ? union(difference(own.fields, changes.removed), gained) : gained;
  if (isEmpty(fields)) managers.delete(self);
  else managers.set(self, asWritten(own, own && isEmpty(gained) ? own.entry : entry, fields));
  return capUpdaters(managers);
}

/** The writer after this write; what did not change keeps its reference, so that it is not written anew. */
function asWritten(own: Manager | undefined, entry: ManagedFieldsEntry, fields: FieldSet): Manager {
  if (!own) return { entry, fields };
  if (own.entry.time === entry.time) return own.fields === fields ? own : { entry: own.entry, fields };
  return { entry, fields };
}

/** A manager's entry as of now, without fields. */
export function entryFor(
  operation: 'Apply' | 'Update',
  facts: Pick<UpdateRecord, 'manager' | 'apiVersion' | 'subresource' | 'now'>,
): ManagedFieldsEntry {
  return {
    manager: facts.manager || 'unknown',
    operation,
    apiVersion: facts.apiVersion,
    time: entryTime(facts.now),
    ...(facts.subresource ? { subresource: facts.subresource } : {}),
  };
}

/** The client's entries where it may and does send valid ones, else those of the stored object. */
function priorEntries({ old, updated, subresource }: UpdateRecord): readonly ManagedFieldsEntry[] | undefined {
  const sent = updated.metadata.managedFields;
  const stored = old?.metadata.managedFields;
  if (subresource || !sent || sent === stored) return stored;
  if (isReset(sent)) return undefined;
  if (deepEqual(sent, stored)) return stored;
  return readManagers(sent) ? sent : stored;
}

const isReset = (entries: readonly ManagedFieldsEntry[]): boolean =>
  entries.length === 0 || (entries.length === 1 && Object.values(entries[0]!).every((value) => value === undefined));
