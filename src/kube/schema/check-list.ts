/** Checks of lists as a whole: length, and no duplicates in sets and keyed lists. */
import { duplicateValue, invalidValue, tooMany } from '../status/causes.ts';
import { type Check, here, type Report, sameJson } from './check.ts';
import { pathText } from './path.ts';
import type { Schema } from './schema.ts';

export function lengthCheck({ minItems, maxItems }: Schema): Check | undefined {
  if (minItems === undefined && maxItems === undefined) return undefined;
  return (value, report) => {
    const { length } = value as readonly unknown[];
    if (minItems !== undefined && length < minItems) {
      const detail = `${here(report)} in body should have at least ${minItems} items`;
      report.causes.push(invalidValue(here(report), length, detail));
    }
    if (maxItems !== undefined && length > maxItems) report.causes.push(tooMany(here(report), length, maxItems));
  };
}

export function uniqueCheck(schema: Schema): Check | undefined {
  if (schema.listType === 'set') return (value, report) => reportRepeated(value as readonly unknown[], same, report);
  if (schema.listType === 'map' && schema.listMapKeys) return keyedCheck(schema.listMapKeys);
  if (!schema.uniqueItems) return undefined;
  return (value, report) => {
    const items = value as readonly unknown[];
    if (items.some((item, index) => items.slice(0, index).some((earlier) => sameJson(earlier, item))))
      report.causes.push(invalidValue(here(report), '', `${here(report)} in body shouldn't contain duplicates`));
  };
}

const same = (item: unknown) => item;

function keyedCheck(keys: readonly string[]): Check {
  return (value, report) => reportRepeated(value as readonly unknown[], (item) => keysOf(item, keys), report);
}

/** The key fields an item has, as Duplicate value shows them. */
function keysOf(item: unknown, keys: readonly string[]): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const found: Record<string, unknown> = {};
  for (const key of keys) if (Object.hasOwn(item, key)) found[key] = Reflect.get(item, key);
  return found;
}

/** One cause for each item that an earlier one equals. */
function reportRepeated(items: readonly unknown[], identity: (item: unknown) => unknown, report: Report): void {
  if (items.length < 2) return;
  const seen = new Set<string>();
  items.forEach((item, index) => {
    const key = identity(item);
    const text = JSON.stringify(key);
    if (seen.has(text)) report.causes.push(duplicateValue(pathText([...report.trail, index], report.base), key));
    seen.add(text);
  });
}
