/** What the schema says of a field's merging, and the names of the directives. */
import type { Schema } from '../../schema/schema.ts';

export const directive = '$patch';
export const retainKeys = '$retainKeys';
export const elementOrder = '$setElementOrder/';
export const deleteFromList = '$deleteFromPrimitiveList/';

export interface FieldRule {
  /** Of the value, or of a list's items. */
  readonly schema: Schema | undefined;
  /** Lists merge only where the schema says so, maps unless it says `replace`. */
  readonly strategy: 'merge' | 'replace' | undefined;
  /** The patch names the keys that may stay. */
  readonly retainKeys: boolean;
  /** Of a list of maps that merges. */
  readonly mergeKey: string | undefined;
}

const unknownField: FieldRule = { schema: undefined, strategy: undefined, retainKeys: false, mergeKey: undefined };

export function fieldRule(parent: Schema | undefined, key: string): FieldRule {
  const properties = parent?.properties;
  const schema = properties && Object.hasOwn(properties, key) ? properties[key] : parent?.additionalProperties;
  if (!schema) return unknownField;
  const strategies = schema.patchStrategy?.split(',') ?? [];
  return {
    schema: schema.items ?? schema,
    strategy: strategies.includes('merge') ? 'merge' : strategies.includes('replace') ? 'replace' : undefined,
    retainKeys: strategies.includes('retainKeys'),
    mergeKey: schema.patchMergeKey,
  };
}

export const isDirective = (key: string): boolean =>
  key[0] === '$' &&
  (key === directive || key === retainKeys || key.startsWith(elementOrder) || key.startsWith(deleteFromList));
