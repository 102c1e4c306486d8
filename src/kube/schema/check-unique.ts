/** Lists that hold each item once: sets by the whole item, keyed lists by their keys. Apart from the schema's other rules. */
import { duplicateValue, invalidValue } from '../status/causes.ts';
import type { StatusCause } from '../status/status.ts';
import { isFields } from './copy.ts';
import { pathText, type Trail } from './path.ts';
import type { Schema } from './schema.ts';
import { type Visit, visitor } from './visit.ts';

/** Causes for every such list in `value`; nothing is looked at where the schema has none. */
export function repeatedItems(schema: Schema, value: unknown): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  walk(schema)?.(value, [], causes);
  return causes;
}

const walk = visitor((schema): Visit | undefined => {
  if (schema.listType === 'set') {
    return (value, trail, causes) => {
      if (Array.isArray(value)) reportRepeated(value as readonly unknown[], trail, causes);
    };
  }
  const { listMapKeys } = schema;
  if (schema.listType !== 'map' || !listMapKeys) return undefined;
  return (value, trail, causes) => {
    if (Array.isArray(value)) reportKeyed(value as readonly unknown[], listMapKeys, trail, causes);
  };
});

function reportKeyed(items: readonly unknown[], keys: readonly string[], trail: Trail, causes: StatusCause[]): void {
  const odd = items.findIndex((item) => item !== null && !isFields(item));
  if (odd >= 0) {
    const detail = 'must be an object for an array of list-type map';
    causes.push(invalidValue(pathText([...trail, odd]), items[odd], detail));
    return;
  }
  reportRepeated(
    items.map((item) => keysOf(item, keys)),
    trail,
    causes,
  );
}

/** The key fields an item has, as Duplicate value shows them. */
function keysOf(item: unknown, keys: readonly string[]): unknown {
  const found: Record<string, unknown> = {};
  if (isFields(item)) for (const key of [...keys].sort()) if (Object.hasOwn(item, key)) found[key] = item[key];
  return found;
}

/** One cause for each value there is more than once, where it comes the second time. */
function reportRepeated(items: readonly unknown[], trail: Trail, causes: StatusCause[]): void {
  if (items.length < 2) return;
  const seen = new Map<string, number>();
  items.forEach((item, index) => {
    const text = canonical(item);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times === 1) causes.push(duplicateValue(pathText([...trail, index]), item));
  });
}

/** JSON with its keys in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${(value as readonly unknown[]).map(canonical).join(',')}]`;
  if (!isFields(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
    .join(',')}}`;
}
