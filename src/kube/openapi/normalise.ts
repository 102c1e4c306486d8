/** Schemas in one form, for comparisons: sorted, without texts and without what only names or repeats. */
import type { Schema } from '../schema/schema.ts';

/** Keywords that say nothing about values. */
const silent = new Set<string>(['description', 'component', 'validations']);
/** What absence means. */
const ordinary: Readonly<Record<string, unknown>> = { nullable: false, mapType: 'granular', uniqueItems: false };

/** Sorted keywords and properties; `required` sorted, empty lists and ordinary values left out. */
export function normaliseSchema(schema: Schema): Schema {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema).sort(byName)) {
    if (silent.has(keyword) || value === undefined || ordinary[keyword] === value) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    result[keyword] = normaliseKeyword(keyword, value);
  }
  return result as Schema;
}

function normaliseKeyword(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case 'properties':
      return Object.fromEntries(
        Object.entries(value as Record<string, Schema>)
          .sort(byName)
          .map(([name, each]) => [name, normaliseSchema(each)]),
      );
    case 'items':
    case 'additionalProperties':
    case 'not':
      return normaliseSchema(value as Schema);
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return (value as readonly Schema[]).map(normaliseSchema);
    case 'required':
    case 'enum':
      return [...(value as readonly string[])].sort();
    default:
      return value;
  }
}

const byName = ([left]: [string, unknown], [right]: [string, unknown]) => (left < right ? -1 : left > right ? 1 : 0);
