/**
 * `metadata.managedFields` as managers with field sets, and back. Entries that nobody changed keep their identity, so a
 * write costs only what it touches.
 */

import { type FieldSet, fromFieldsV1, isEmpty, toFieldsV1 } from '#kube/fields/fieldset.ts';
import { compareText } from '#kube/fields/order.ts';
import { jsonString } from '#kube/fields/text.ts';
import type { ManagedFieldsEntry } from '#kube/meta/object.ts';

export interface Manager {
  /** Who owns, how, in which version, through which subresource; `fieldsV1` and `time` of the entry it was read from. */
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldSet;
  /** The entry holds these very fields: it is stored as it is. */
  readonly asRead?: boolean;
}

/** By identity; see `managerId`. */
export type Managers = ReadonlyMap<string, Manager>;

export const noManagers: Managers = new Map();

/** Managers and versions are few: 1,024 of about 100 bytes are 100 kB; a full cache begins anew. */
const mostQuoted = 1_024;
const quotedTexts = new Map<string, string>();

function quoted(text: string): string {
  let known = quotedTexts.get(text);
  if (known === undefined) {
    if (quotedTexts.size >= mostQuoted) quotedTexts.clear();
    known = jsonString(text);
    quotedTexts.set(text, known);
  }
  return known;
}

/**
 * An entry's identity as kube-apiserver has it, in JSON: manager, operation, subresource and, for Update, apiVersion. An
 * applier stays the same across versions. The order of these texts is the order of conflict lists.
 */
export function managerId(entry: ManagedFieldsEntry): string {
  const parts: string[] = [];
  if (entry.manager) parts.push(`"manager":${quoted(entry.manager)}`);
  if (entry.operation) parts.push(`"operation":"${entry.operation}"`);
  if (entry.apiVersion && entry.operation !== 'Apply') parts.push(`"apiVersion":${quoted(entry.apiVersion)}`);
  if (entry.subresource) parts.push(`"subresource":${jsonString(entry.subresource)}`);
  return `{${parts.join(',')}}`;
}

/** Undefined when an entry is not one: such a list counts as not given. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  if (entries === undefined || entries.length === 0) return noManagers;
  const managers = new Map<string, Manager>();
  try {
    for (const entry of entries) {
      if (!isEntry(entry)) return undefined;
      managers.set(managerId(entry), { entry, fields: fromFieldsV1(entry.fieldsV1), asRead: true });
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return managers;
}

const isEntry = (entry: ManagedFieldsEntry): boolean =>
  (entry.operation === 'Apply' || entry.operation === 'Update') &&
  Boolean(entry.apiVersion) &&
  entry.fieldsType === 'FieldsV1';

/** Appliers before updaters, older before newer, then by name, version and subresource. */
function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compareText(a.operation ?? '', b.operation ?? '') ||
    compareText(a.time ?? '', b.time ?? '') ||
    compareText(a.manager ?? '', b.manager ?? '') ||
    compareText(a.apiVersion ?? '', b.apiVersion ?? '') ||
    compareText(a.subresource ?? '', b.subresource ?? '')
  );
}

/** The list to store; undefined when nobody owns anything. */
export function writeManagers(managers: Managers): readonly ManagedFieldsEntry[] | undefined {
  const entries: ManagedFieldsEntry[] = [];
  for (const manager of managers.values()) if (!isEmpty(manager.fields)) entries.push(writeEntry(manager));
  return entries.length === 0 ? undefined : entries.sort(compareEntries);
}

/** In the order in which kube-apiserver writes the fields of an entry. */
function writeEntry({ entry, fields, asRead }: Manager): ManagedFieldsEntry {
  if (asRead) return entry;
  return {
    ...(entry.manager ? { manager: entry.manager } : {}),
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time ? { time: entry.time } : {}),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(entry.subresource ? { subresource: entry.subresource } : {}),
  };
}
