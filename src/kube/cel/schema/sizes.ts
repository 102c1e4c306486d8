/** How large values of a schema can be: what fits a request, where the schema sets no bound of its own. */
import type { Schema } from '../../schema/schema.ts';

/** The largest request: 3 MiB. Costs count with it whatever a server is set to, so that the same rules are refused. */
export const largestRequest = 3 * 1024 * 1024;

/** Bytes of the shortest JSON: `""`, `0`, `true`, `{}`, `[]`, a date, a date and time, a duration, with quotes. */
const smallest = {
  string: 2,
  number: 1,
  bool: 4,
  object: 2,
  list: 2,
  date: 12,
  dateTime: 21,
  duration: 3,
  intOrString: 1,
};
/** Characters of the longest duration, date, and date and time. */
const longest = { duration: 32, date: 12, dateTime: 32 };

const bound = (limit: number | undefined): number | undefined => (limit === undefined ? undefined : Math.max(0, limit));

/** Without the quotes. */
const longestString = largestRequest - 2;

export function maxStringSize(schema: Schema): number {
  switch (schema.intOrString ? undefined : schema.format) {
    case 'byte':
      return bound(schema.maxLength) ?? longestString;
    case 'duration':
      return longest.duration;
    case 'date':
      return longest.date;
    case 'date-time':
      return longest.dateTime;
    default:
      break;
  }
  const limit = bound(schema.maxLength);
  // A limit counts characters, sizes count bytes: up to four each.
  if (limit !== undefined) return limit * 4;
  const values = schema.intOrString ? [] : (schema.enum ?? []);
  if (values.length === 0) return longestString;
  return Math.max(
    0,
    ...values.map((value) => (typeof value === 'string' ? new TextEncoder().encode(value).length : 0)),
  );
}

/** A comma for each item, and the brackets. */
export const maxItems = (schema: Schema, itemSize: number): number =>
  bound(schema.maxItems) ?? Math.trunc((largestRequest - 2) / (itemSize + 1));

/** At least a key of no characters with its quotes, a colon and a comma for each entry, and the braces. */
export const maxEntries = (schema: Schema, valueSize: number): number =>
  bound(schema.maxProperties) ?? Math.trunc((largestRequest - 2) / (valueSize + 6));

/** The fewest bytes a value takes as JSON. Required fields count unless a default fills them in. */
export function minSerializedSize(schema: Schema, within: readonly Schema[] = []): number {
  if (schema.intOrString) return smallest.intOrString;
  switch (schema.type) {
    case 'string':
      return (
        { duration: smallest.duration, date: smallest.date, 'date-time': smallest.dateTime }[schema.format ?? ''] ??
        smallest.string
      );
    case 'boolean':
      return smallest.bool;
    case 'integer':
    case 'number':
      return smallest.number;
    case 'array':
      return smallest.list;
    default:
      return within.includes(schema) ? smallest.object : objectSize(schema, [...within, schema]);
  }
}

function objectSize(schema: Schema, within: readonly Schema[]): number {
  if (schema.additionalProperties) return smallest.object;
  let size = smallest.object;
  for (const name of new Set(schema.required ?? [])) {
    const field = schema.properties?.[name];
    // Quotes, colon and comma.
    if (field && field.default === undefined && isDeclared(field, within))
      size += name.length + minSerializedSize(field, within) + 4;
  }
  return size;
}

/** Whether expressions see values of a schema at all: those nothing is known of they do not. */
export function isDeclared(schema: Schema, within: readonly Schema[] = []): boolean {
  if (schema.intOrString) return true;
  if (within.includes(schema)) return true;
  const deeper = [...within, schema];
  if (schema.type === 'array') return schema.items !== undefined && isDeclared(schema.items, deeper);
  if (schema.type === 'object') return !schema.additionalProperties || isDeclared(schema.additionalProperties, deeper);
  return schema.type !== undefined;
}
