/** Checks of lists: each item, told from those before by the list's keys, and their number. */
import { invalidValue, tooMany } from '../status/causes.ts';
import { type Check, fieldOf, here, sameJson } from './check.ts';
import { correlator } from './correlate.ts';
import type { Schema } from './schema.ts';

export function listCheck(schema: Schema, compile: (schema: Schema) => Check): Check | undefined {
  const parts = [itemsCheck(schema, compile), lengthCheck(schema), uniqueCheck(schema)].filter(
    (part) => part !== undefined,
  );
  if (parts.length === 0) return undefined;
  return (value, report, before) => {
    if (!Array.isArray(value)) return;
    report.matches++;
    for (const part of parts) part(value, report, before);
  };
}

function itemsCheck(schema: Schema, compile: (schema: Schema) => Check): Check | undefined {
  if (!schema.items) return undefined;
  const check = compile(schema.items);
  const correlate = correlator(schema);
  return (value, report, before) => {
    const list = value as readonly unknown[];
    const earlier = before === undefined ? undefined : correlate(before);
    for (let index = 0; index < list.length; index++) {
      report.trail.push(index);
      check(list[index], report, earlier?.(list[index]));
      report.trail.pop();
    }
  };
}

function lengthCheck({ minItems, maxItems }: Schema): Check | undefined {
  if (minItems === undefined && maxItems === undefined) return undefined;
  return (value, report) => {
    const { length } = value as readonly unknown[];
    if (minItems !== undefined && length < minItems) {
      const detail = `${here(report)} in body should have at least ${minItems} items`;
      report.causes.push(invalidValue(fieldOf(report), length, detail));
    }
    if (maxItems !== undefined && length > maxItems) report.causes.push(tooMany(fieldOf(report), length, maxItems));
  };
}

/** Built-in schemas only: a definition may not ask for it. */
function uniqueCheck({ uniqueItems }: Schema): Check | undefined {
  if (!uniqueItems) return undefined;
  return (value, report) => {
    const items = value as readonly unknown[];
    if (items.some((item, index) => items.slice(0, index).some((earlier) => sameJson(earlier, item))))
      report.causes.push(invalidValue(fieldOf(report), '', `${here(report)} in body shouldn't contain duplicates`));
  };
}
