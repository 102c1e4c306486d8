/** allOf, anyOf, oneOf and not: a value is tried against whole schemas. */
import { invalidValue } from '../status/causes.ts';
import type { StatusCause } from '../status/status.ts';
import { type Check, here, type Report } from './check.ts';
import type { Schema } from './schema.ts';

type Compile = (schema: Schema) => Check;

/** Go prints the path of the whole object, which it does not have, so. */
const noPath = '<nil>';

export function combinationCheck(schema: Schema, compile: Compile): Check | undefined {
  const parts = [
    schema.anyOf && anyCheck(schema.anyOf.map(compile)),
    schema.oneOf && oneCheck(schema.oneOf.map(compile)),
    schema.allOf && allCheck(schema.allOf.map(compile)),
    schema.not && notCheck(compile(schema.not)),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return (value, report, before) => {
    for (const part of parts) part(value, report, before);
  };
}

interface Attempt {
  readonly causes: readonly StatusCause[];
  readonly matches: number;
}

function attempt(check: Check, value: unknown, report: Report, before: unknown): Attempt {
  const tried: Report = { ...report, causes: [], matches: 0 };
  check(value, tried, before);
  return tried;
}

/** The rule that was broken is reported for the object as a whole, then why the alternative that came nearest failed. */
function fail(report: Report, rule: string, nearest: readonly StatusCause[] = []): void {
  report.causes.push(invalidValue(report.base || noPath, '', `${JSON.stringify(here(report))} ${rule}`), ...nearest);
}

const nearestOf = (attempts: readonly Attempt[]): Attempt | undefined =>
  attempts.reduce<Attempt | undefined>((best, each) => (best && each.matches <= best.matches ? best : each), undefined);

const isValid = ({ causes }: Attempt) => causes.length === 0;

function anyCheck(alternatives: readonly Check[]): Check {
  return (value, report, before) => {
    const failed: Attempt[] = [];
    for (const alternative of alternatives) {
      const tried = attempt(alternative, value, report, before);
      if (isValid(tried)) {
        report.matches += tried.matches;
        return;
      }
      failed.push(tried);
    }
    const nearest = nearestOf(failed);
    fail(report, 'must validate at least one schema (anyOf)', nearest?.causes);
    report.matches += nearest?.matches ?? 0;
  };
}

function oneCheck(alternatives: readonly Check[]): Check {
  return (value, report, before) => {
    const attempts = alternatives.map((alternative) => attempt(alternative, value, report, before));
    const valid = attempts.filter(isValid);
    const told = valid.length === 0 ? nearestOf(attempts) : valid[0];
    if (valid.length === 0) {
      fail(report, 'must validate one and only one schema (oneOf). Found none valid', told?.causes);
    } else if (valid.length > 1) {
      fail(report, `must validate one and only one schema (oneOf). Found ${valid.length} valid alternatives`);
      return;
    }
    report.matches += told?.matches ?? 0;
  };
}

function allCheck(all: readonly Check[]): Check {
  return (value, report, before) => {
    const attempts = all.map((each) => attempt(each, value, report, before));
    for (const { matches } of attempts) report.matches += matches;
    const failed = attempts.filter((each) => !isValid(each));
    if (failed.length === 0) return;
    report.causes.push(...failed.flatMap(({ causes }) => causes));
    fail(report, `must validate all the schemas (allOf)${failed.length === all.length ? '. None validated' : ''}`);
  };
}

function notCheck(forbidden: Check): Check {
  return (value, report, before) => {
    if (isValid(attempt(forbidden, value, report, before))) fail(report, 'must not validate the schema (not)');
  };
}
