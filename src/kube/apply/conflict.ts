/** Conflicts of an apply with other managers, as values and in kube-apiserver's words. */

import { type FieldSet, formatPath, has, type PathElement, pathsOf } from '#kube/fields/fieldset.ts';
import { compareText } from '#kube/fields/order.ts';
import { quoteText } from '#kube/fields/text.ts';
import type { ManagedFieldsEntry } from '#kube/meta/object.ts';
import { failure, type StatusError } from '#kube/status/status.ts';
import type { Managers } from './managers.ts';

export interface ApplyConflict {
  readonly entry: ManagedFieldsEntry;
  readonly path: readonly PathElement[];
}

/** By manager id, then in the order of the fields. */
export function conflictList(conflicts: ReadonlyMap<string, FieldSet>, managers: Managers): readonly ApplyConflict[] {
  return [...conflicts]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([id, fields]) => pathsOf(fields).map((path) => ({ entry: managers.get(id)!.entry, path })));
}

export const conflictsOutside = (conflicts: readonly ApplyConflict[], allowed: FieldSet): readonly ApplyConflict[] =>
  conflicts.filter(({ path }) => !has(allowed, path));

function managerText({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const through = subresource ? ` with subresource ${quoteText(subresource)}` : '';
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${quoteText(manager ?? '')}${through}${using}`;
}

/** 409 with one FieldManagerConflict cause per field; the message groups the fields by manager. */
export function conflictError(conflicts: readonly ApplyConflict[]): StatusError {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(entry)}`,
    field: formatPath(path),
  }));
  return failure('Conflict', conflictMessage(conflicts), { causes });
}

function conflictMessage(conflicts: readonly ApplyConflict[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${managerText(first.entry)}: ${formatPath(first.path)}`;
  }
  const lines: string[] = [];
  let previous: ManagedFieldsEntry | undefined;
  for (const { entry, path } of conflicts) {
    if (entry !== previous) lines.push(`conflicts with ${managerText(entry)}:`);
    lines.push(`- ${formatPath(path)}`);
    previous = entry;
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}
