/** The named lists of a kubeconfig, their fields as they stand. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

export interface KubeconfigEntry {
  readonly name: string;
  /** The file it came from; relative paths in it begin at that file's folder. */
  readonly file: string;
  readonly fields: JsonObject;
}

export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';

  constructor(file: string, why: string) {
    super(`error loading kubeconfig ${file}: ${why}`);
  }
}

export const isMapping = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined when absent or empty. */
export function textField(fields: JsonObject, field: string, file: string): string | undefined {
  const value = fields[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new KubeconfigError(file, `${field} must be a text`);
  return value;
}

export function flagField(fields: JsonObject, field: string, file: string): boolean {
  const value = fields[field];
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw new KubeconfigError(file, `${field} must be true or false`);
  return value;
}

/** `clusters: [{name, cluster: {…}}]` by name; of two with one name the first counts. */
export function readEntries(
  document: JsonObject,
  list: 'contexts' | 'clusters' | 'users',
  field: 'context' | 'cluster' | 'user',
  file: string,
): ReadonlyMap<string, KubeconfigEntry> {
  const value = document[list];
  const entries = new Map<string, KubeconfigEntry>();
  if (value === undefined || value === null) return entries;
  if (!Array.isArray(value)) throw new KubeconfigError(file, `${list} must be a list`);
  for (const [i, each] of value.entries()) {
    const name = isMapping(each) ? textField(each, 'name', file) : undefined;
    if (!isMapping(each) || name === undefined) throw new KubeconfigError(file, `${list}[${i}] has no name`);
    const fields = each[field] ?? {};
    if (!isMapping(fields)) throw new KubeconfigError(file, `${field} of "${name}" must be a mapping`);
    if (!entries.has(name)) entries.set(name, { name, file, fields });
  }
  return entries;
}
