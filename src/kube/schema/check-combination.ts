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
  return (value, report) => {
    for (const part of parts) part(value, report);
  };
}

function attempt(check: Check, value: unknown, report: Report): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  check(value, { ...report, causes });
  return causes;
}

/** The rule that was broken is reported for the object as a whole, then why the alternative that came nearest failed. */
function fail(report: Report, rule: string, nearest: readonly StatusCause[] = []): void {
  report.causes.push(invalidValue(noPath, '', `${JSON.stringify(here(report))} ${rule}`), ...nearest);
}

const nearestOf = (results: readonly (readonly StatusCause[])[]): readonly StatusCause[] =>
  results.reduce((best, each) => (each.length < best.length ? each : best));

function anyCheck(alternatives: readonly Check[]): Check {
  return (value, report) => {
    const results: (readonly StatusCause[])[] = [];
    for (const alternative of alternatives) {
      const causes = attempt(alternative, value, report);
      if (causes.length === 0) return;
      results.push(causes);
    }
    fail(report, 'must validate at least one schema (anyOf)', nearestOf(results));
  };
}

function oneCheck(alternatives: readonly Check[]): Check {
  return (value, report) => {
    const results = alternatives.map((alternative) => attempt(alternative, value, report));
    const valid = results.filter((causes) => causes.length === 0).length;
    if (valid === 0)
      fail(report, 'must validate one and only one schema (oneOf). Found none valid', nearestOf(results));
    else if (valid > 1)
      fail(report, `must validate one and only one schema (oneOf). Found ${valid} valid alternatives`);
  };
}

function allCheck(all: readonly Check[]): Check {
  return (value, report) => {
    const results = all.map((each) => attempt(each, value, report));
    const failed = results.filter((causes) => causes.length > 0);
    if (failed.length === 0) return;
    report.causes.push(...failed.flat());
    fail(report, `must validate all the schemas (allOf)${failed.length === all.length ? '. None validated' : ''}`);
  };
}

function notCheck(forbidden: Check): Check {
  return (value, report) => {
    if (attempt(forbidden, value, report).length === 0) fail(report, 'must not validate the schema (not)');
  };
}
