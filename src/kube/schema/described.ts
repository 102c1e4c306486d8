/** Texts for people beside the fields of a schema: what `kubectl explain` says. One table for each type, by field. */
import type { Schema } from './schema.ts';

/** By field, `placement` or `placement.clusterAffinity`; lists and maps are passed through without a word of their own. */
export type Words = Readonly<Record<string, string>>;

/** The schema with these texts. Throws where one names a field that is not there. */
export function described<N extends Schema>(schema: N, words: Words): N {
  const told = new Set<string>();
  const result = withWords(schema, '', words, told);
  const lost = Object.keys(words).filter((path) => !told.has(path));
  if (lost.length > 0) throw new Error(`described: no such field: ${lost.join(', ')}`);
  return result;
}

/** `at`: what stands before the names of fields here. The same reference where nothing below has a text. */
function withWords<N extends Schema>(schema: N, at: string, words: Words, told: Set<string>): N {
  const { items, additionalProperties, properties } = schema;
  if (items) {
    const inner = withWords(items, at, words, told);
    return inner === items ? schema : { ...schema, items: inner };
  }
  if (additionalProperties) {
    const inner = withWords(additionalProperties, at, words, told);
    return inner === additionalProperties ? schema : { ...schema, additionalProperties: inner };
  }
  if (!properties) return schema;
  const changed: Record<string, Schema> = {};
  for (const [name, field] of Object.entries(properties)) {
    const path = at + name;
    const below = withWords(field, `${path}.`, words, told);
    const description = words[path];
    if (description !== undefined) told.add(path);
    const result = description === undefined ? below : { ...below, description };
    if (result !== field) changed[name] = result;
  }
  return Object.keys(changed).length === 0 ? schema : { ...schema, properties: { ...properties, ...changed } };
}
