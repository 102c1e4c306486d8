/** Objects of any kind: every field, its name in words. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { goText } from '../output/go-value.ts';
import { annotationLines, pairs } from './metadata.ts';
import type { Page } from './page.ts';

type Members = Readonly<Record<string, unknown>>;

/** Said at the top already, or of no use to a reader. */
const skipped = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);

export function describeGeneric(page: Page, object: KubeObject): void {
  const { name = '', namespace = '', labels, annotations } = object.metadata;
  page.field(0, 'Name', name);
  page.field(0, 'Namespace', namespace);
  page.list(0, 'Labels', pairs(labels));
  annotationLines(page, 0, 'Annotations', annotations);
  members(page, 0, object as UnstructuredObject, '');
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function members(page: Page, level: number, object: Members, path: string): void {
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    const at = `${path}.${key}`;
    if (value === undefined || skipped.has(at)) continue;
    const title = inWords(key);
    if (isMembers(value)) {
      page.line(level, `${title}:`);
      members(page, level + 1, value, at);
    } else if (Array.isArray(value)) {
      page.line(level, `${title}:`);
      for (const item of value as readonly unknown[]) {
        if (isMembers(item)) members(page, level + 1, item, at);
        else page.line(level + 1, goText(item));
      }
    } else page.field(level, title, goText(value));
  }
}

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);

/** `clusterNames` -> `Cluster Names`, `apiVersion` -> `API Version`; keys that hold anything but letters and `-` stay. */
export function inWords(key: string): string {
  if (!/^[\p{L}-]+$/u.test(key)) return key;
  const words = key.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}|-+/gu) ?? [key];
  return words
    .map((word) => (acronyms.has(word.toUpperCase()) ? word.toUpperCase() : word[0]!.toUpperCase() + word.slice(1)))
    .join(' ');
}
