/**
 * Validation of a value against a structural schema, in kube-apiserver's words for custom resources (kube-openapi's
 * validators as apiextensions-apiserver reports them). A schema is compiled once into functions that allocate nothing
 * while the value is valid.
 */
import type { StatusCause } from '../status/status.ts';
import { type Check, newReport, sameJson } from './check.ts';
import { combinationCheck } from './check-combination.ts';
import { listCheck } from './check-list.ts';
import { numberCheck } from './check-number.ts';
import { objectCheck } from './check-object.ts';
import { enumCheck, stringCheck, typeCheck } from './check-scalar.ts';
import type { Schema } from './schema.ts';

const compiled = new WeakMap<Schema, Check>();

/**
 * Causes of all that is wrong with `value`, in its own order; `path` is the field it stands in. What is equal in
 * `known`, the value before, may stay as it is, wrong or not.
 */
export function validateSchema(schema: Schema, value: unknown, path = '', known?: unknown): readonly StatusCause[] {
  const report = newReport(path);
  checkOf(schema)(value, report, known);
  return report.causes;
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

/** Besides the checks there are, some count as made for every value. */
const alwaysMade = 3;

function compile(schema: Schema): Check {
  const type = typeCheck(schema);
  const whole = enumCheck(schema);
  const whenGiven = [
    combinationCheck(schema, checkOf),
    stringCheck(schema),
    numberCheck(schema),
    listCheck(schema, checkOf),
  ].filter((check) => check !== undefined);
  const fields = objectCheck(schema, checkOf);
  return (value, report, before) => {
    if (value === before && value !== undefined) return;
    const { causes } = report;
    const already = causes.length;
    type?.(value, report);
    if (value !== null) {
      for (const check of whenGiven) check(value, report, before);
      whole?.(value, report);
      fields?.(value, report, before);
      report.matches += alwaysMade + madeFor(value);
    } else whole?.(value, report);
    // What does not fit, but has not changed, may stay.
    if (causes.length > already && before !== undefined && sameJson(value, before)) causes.length = already;
  };
}

/** Numbers, texts, lists and objects have a check of their own kind. */
const madeFor = (value: unknown): number => (typeof value === 'boolean' ? 0 : typeof value === 'number' ? 2 : 1);
