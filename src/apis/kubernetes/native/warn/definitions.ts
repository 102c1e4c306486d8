/** Formats of text fields that a definition names and nobody checks. */
import type { KubeObject } from '#kube/meta/object.ts';
import { knownFormat } from '#kube/schema/format.ts';
import { contentOf } from '../prepare/preparation.ts';
import { fieldsOf, isFields, itemsOf } from '../value.ts';

/** Those that were there before are not told again. */
export function definitionWarnings(object: KubeObject, old?: KubeObject): readonly string[] {
  const before = new Set(old ? unknownFormats(old) : []);
  return unknownFormats(object)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

function unknownFormats(object: KubeObject): readonly string[] {
  const found: string[] = [];
  for (const version of itemsOf(fieldsOf(contentOf(object).spec).versions))
    collect(fieldsOf(fieldsOf(version).schema).openAPIV3Schema, found);
  return found;
}

/** Any map below a schema is a schema, or one of schemas. */
function collect(value: unknown, found: string[]): void {
  if (Array.isArray(value)) for (const each of value as readonly unknown[]) collect(each, found);
  if (!isFields(value)) return;
  if (value.type === 'string' && typeof value.format === 'string' && value.format !== '' && !knownFormat(value.format))
    found.push(value.format);
  for (const [keyword, below] of Object.entries(value)) {
    if (keyword === 'default' || keyword === 'enum' || keyword === 'example') continue;
    collect(below, found);
  }
}
