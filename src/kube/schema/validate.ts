/**
 * Validation of a value against a structural schema, in kube-apiserver's words for custom resources (kube-openapi's
 * validators as apiextensions-apiserver reports them). A schema is compiled once into functions that allocate nothing
 * while the value is valid.
 */
import type { StatusCause } from '../status/status.ts';
import type { Check } from './check.ts';
import { combinationCheck } from './check-combination.ts';
import { lengthCheck, uniqueCheck } from './check-list.ts';
import { objectCheck } from './check-object.ts';
import { enumCheck, numberCheck, stringCheck, typeCheck } from './check-scalar.ts';
import { itemsOf } from './copy.ts';
import type { Schema } from './schema.ts';

const compiled = new WeakMap<Schema, Check>();

/**
 * Causes of all that is wrong with `value`, in its own order; `path` is the field it stands in. What is the same
 * reference in `known`, a value that was validated before, is not looked at again.
 */
export function validateSchema(schema: Schema, value: unknown, path = '', known?: unknown): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  checkOf(schema)(value, { base: path, trail: [], causes }, known);
  return causes;
}

function checkOf(schema: Schema): Check {
  const known = compiled.get(schema);
  if (known) return known;
  // While a recursive schema is being compiled, its own occurrences look the finished check up when they are called.
  compiled.set(schema, (value, report, before) => compiled.get(schema)?.(value, report, before));
  const check = compile(schema);
  compiled.set(schema, check);
  return check;
}

function compile(schema: Schema): Check {
  const always = present([typeCheck(schema), enumCheck(schema)]);
  const whenGiven = present([
    stringCheck(schema),
    numberCheck(schema),
    listCheck(schema),
    objectCheck(schema, checkOf),
    combinationCheck(schema, checkOf),
  ]);
  return (value, report, before) => {
    if (value === before && typeof value === 'object' && value !== null) return;
    for (const check of always) check(value, report);
    if (value !== null) for (const check of whenGiven) check(value, report, before);
  };
}

function listCheck(schema: Schema): Check | undefined {
  const parts = present([lengthCheck(schema), uniqueCheck(schema), schema.items && itemsCheck(schema.items)]);
  if (parts.length === 0) return undefined;
  return (value, report, before) => {
    if (Array.isArray(value)) for (const part of parts) part(value, report, before);
  };
}

function itemsCheck(items: Schema): Check {
  const check = checkOf(items);
  return (value, report, before) => {
    const list = value as readonly unknown[];
    const earlier = itemsOf(before);
    for (let index = 0; index < list.length; index++) {
      report.trail.push(index);
      check(list[index], report, earlier[index]);
      report.trail.pop();
    }
  };
}

const present = (checks: readonly (Check | undefined)[]): readonly Check[] =>
  checks.filter((check) => check !== undefined);
