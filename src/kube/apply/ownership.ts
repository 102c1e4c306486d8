/**
 * Moving ownership between managers without a write to the fields themselves: taking over from others and giving back.
 * Pure: managedFields in, managedFields out, to be stored by a JSON patch that tests the resourceVersion.
 */
import { difference, emptyFieldSet, type FieldEntry, type FieldSet, isEmpty, union } from '#kube/fields/fieldset.ts';
import { entryOf, findEntry, setOf } from '#kube/fields/node.ts';
import type { JsonValue, KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';
import { type Manager, managerId, readManagers, writeManagers } from './managers.ts';

/** Which entries of an object are meant. */
export type EntrySelector = (entry: ManagedFieldsEntry) => boolean;

/** Selects entries that agree in every given property. */
export function entriesOf(
  wanted: Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>,
): EntrySelector {
  const names = Object.keys(wanted) as (keyof typeof wanted)[];
  return (entry) => names.every((name) => entry[name] === wanted[name]);
}

/**
 * managedFields in which the selected entries no longer own `fields`. A struct, map or list of which an entry loses all
 * it had below is lost with it, so nobody is left owning an empty shell. A list that cannot be read stays as it is.
 */
export function subtractFromManager(
  object: KubeObject,
  selects: EntrySelector,
  fields: FieldSet,
): readonly ManagedFieldsEntry[] {
  const before = object.metadata.managedFields ?? [];
  const managers = readManagers(before);
  if (!managers) return before;
  const result = new Map<string, Manager>();
  for (const [id, manager] of managers) {
    const left = selects(manager.entry) ? without(manager.fields, fields) : manager.fields;
    result.set(id, left === manager.fields ? manager : { entry: manager.entry, fields: left });
  }
  return writeManagers(result) ?? [];
}

/** Fields that shall belong to the manager of `entry`; the entry's own fieldsV1 does not count. */
export interface Assignment {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldSet;
}

/**
 * managedFields without the selected entries: what these owned goes to the assignments that name it, the remainder to
 * `rest`, or to nobody when there is no `rest`. A receiver that has an entry keeps its time.
 */
export function giveFieldsTo(
  object: KubeObject,
  selects: EntrySelector,
  assignments: readonly Assignment[],
  rest?: ManagedFieldsEntry,
): readonly ManagedFieldsEntry[] {
  const before = object.metadata.managedFields ?? [];
  const managers = readManagers(before);
  if (!managers) return before;
  const result = new Map<string, Manager>();
  let given = emptyFieldSet;
  for (const [id, manager] of managers) {
    if (selects(manager.entry)) given = union(given, manager.fields);
    else result.set(id, manager);
  }
  let remaining = given;
  for (const { entry, fields } of assignments) {
    receive(result, entry, claimed(fields, given));
    remaining = without(remaining, fields);
  }
  if (rest) receive(result, rest, remaining);
  return writeManagers(result) ?? [];
}

function receive(managers: Map<string, Manager>, entry: ManagedFieldsEntry, fields: FieldSet): void {
  if (isEmpty(fields)) return;
  const id = managerId(entry);
  const { fieldsV1: _, ...identity } = entry;
  const manager = managers.get(id) ?? { entry: identity, fields: emptyFieldSet };
  managers.set(id, { entry: manager.entry, fields: union(manager.fields, fields) });
}

function without(fields: FieldSet, taken: FieldSet): FieldSet {
  const left = difference(fields, taken);
  return left === fields ? fields : withoutShells(fields, left);
}

/** What of `fields` is given, and with it their parents: the shells that a subtraction took come back. */
function claimed(fields: FieldSet, given: FieldSet): FieldSet {
  const entries: FieldEntry[] = [];
  for (const { element, member, children } of fields.entries) {
    const source = findEntry(given, element);
    if (!source) continue;
    const below = claimed(children, source.children);
    const owned = member && (source.member || !isEmpty(below));
    if (owned || !isEmpty(below)) entries.push(entryOf(element, owned, below));
  }
  return setOf(entries);
}

/** `left` without the parents that had members below them in `before` and have none any more. */
function withoutShells(before: FieldSet, left: FieldSet): FieldSet {
  const entries: FieldEntry[] = [];
  for (const entry of left.entries) {
    const was = findEntry(before, entry.element)!;
    const children = was === entry ? entry.children : withoutShells(was.children, entry.children);
    if (isEmpty(children) && !isEmpty(was.children)) continue;
    entries.push(children === entry.children ? entry : entryOf(entry.element, entry.member, children));
  }
  return setOf(entries);
}

/** The JSON patch that stores managedFields and nothing else, and only over the object they were computed from. */
export const managedFieldsPatch = (
  object: KubeObject,
  managedFields: readonly ManagedFieldsEntry[],
): readonly { readonly op: 'test' | 'replace'; readonly path: string; readonly value: JsonValue }[] => [
  { op: 'test', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion ?? '' },
  { op: 'replace', path: '/metadata/managedFields', value: managedFields as unknown as JsonValue },
];
