/** Which item of a list is which: an item of a keyed list is the one with the same keys, in others nobody knows. */
import type { Schema } from './schema.ts';

/** Answers what a new item was before; undefined when that cannot be told. */
export type Correlate = (item: unknown) => unknown;

const nothing: Correlate = () => undefined;

/** For a list's schema: from the old list to a look-up by new item. */
export function correlator({ listType, listMapKeys = [] }: Schema): (before: unknown) => Correlate | undefined {
  if (listType !== 'map') return () => undefined;
  return (before) => {
    if (!Array.isArray(before) || before.length === 0) return nothing;
    const byKey = new Map<string, unknown>();
    for (const item of before as readonly unknown[]) {
      const key = keyOf(item, listMapKeys);
      if (key !== undefined && !byKey.has(key)) byKey.set(key, item);
    }
    return (item) => {
      const key = keyOf(item, listMapKeys);
      return key === undefined ? undefined : byKey.get(key);
    };
  };
}

function keyOf(item: unknown, keys: readonly string[]): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  return JSON.stringify(keys.map((key) => (Object.hasOwn(item, key) ? Reflect.get(item, key) : null)));
}
