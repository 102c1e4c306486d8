/** Checks of one value by itself: type, enum, bounds, length, pattern, format. */
import { invalidValue, tooLong, unsupportedValue, wrongType } from '../status/causes.ts';
import { type Check, here, sameJson, typeName } from './check.ts';
import { formatCheck } from './format.ts';
import { patternOf } from './pattern.ts';
import type { Schema } from './schema.ts';

/** Go's reading of a number: which format it would get. */
const numberFormat = (value: unknown): string =>
  typeof value !== 'number' ? '' : Number.isInteger(value) ? 'int64' : 'double';

/** The types a schema allows; none means any. */
function typesOf(schema: Schema): readonly string[] {
  if (schema.intOrString) return ['integer', 'string'];
  return schema.type === undefined ? [] : [schema.type];
}

export function typeCheck(schema: Schema): Check | undefined {
  const types = typesOf(schema);
  if (types.length === 0) return undefined;
  const [first, second] = types;
  const numeric = first === 'number';
  const nullable = schema.nullable === true;
  const text = types.join(',');
  const format = first === 'integer' || numeric ? schema.format : undefined;
  return (value, report) => {
    const found = typeName(value);
    if (found === first || found === second || (numeric && found === 'integer') || (found === 'null' && nullable))
      return;
    const path = here(report);
    // A number's format is what Go compares first, for everything but strings, lists and nulls.
    const byFormat = format !== undefined && found !== 'string' && found !== 'array' && found !== 'null';
    const shown = byFormat ? numberFormat(value) : found;
    const detail = `${path} in body must be of type ${byFormat ? format : text}: ${JSON.stringify(shown)}`;
    report.causes.push(wrongType(path, shown, detail));
  };
}

export function enumCheck({ enum: allowed }: Schema): Check | undefined {
  if (!allowed) return undefined;
  const texts = allowed.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const scalars = new Set<unknown>(allowed);
  return (value, report) => {
    if (scalars.has(value) || (typeof value === 'object' && allowed.some((each) => sameJson(each, value)))) return;
    report.causes.push(unsupportedValue(here(report), value, texts));
  };
}

export function numberCheck(schema: Schema): Check | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (minimum === undefined && maximum === undefined && multipleOf === undefined) return undefined;
  return (value, report) => {
    if (typeof value !== 'number') return;
    const fail = (rule: string) =>
      report.causes.push(invalidValue(here(report), value, `${here(report)} in body should be ${rule}`));
    if (multipleOf !== undefined && !isMultiple(value, multipleOf)) fail(`a multiple of ${multipleOf}`);
    if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
      fail(`less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
    if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
      fail(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  };
}

/** Decimal fractions are counted in floating point, so a quotient is whole within its rounding. */
function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) <= Number.EPSILON * Math.abs(quotient);
}

export function stringCheck(schema: Schema): Check | undefined {
  const { minLength, maxLength, pattern, format } = schema;
  const fits = schema.type === 'string' && format !== undefined ? formatCheck(format) : undefined;
  if (minLength === undefined && maxLength === undefined && pattern === undefined && !fits) return undefined;
  const regexp = pattern === undefined ? undefined : patternOf(pattern);
  return (value, report) => {
    if (typeof value !== 'string') return;
    const path = () => here(report);
    if (maxLength !== undefined && value.length > maxLength && characters(value) > maxLength)
      report.causes.push(tooLong(path(), maxLength));
    if (minLength !== undefined && isShorter(value, minLength))
      report.causes.push(invalidValue(path(), value, `${path()} in body should be at least ${minLength} chars long`));
    if (regexp && !regexp.test(value))
      report.causes.push(invalidValue(path(), value, `${path()} in body should match '${pattern}'`));
    if (fits && !fits(value))
      report.causes.push(
        wrongType(path(), value, `${path()} in body must be of type ${format}: ${JSON.stringify(value)}`),
      );
  };
}

/** Code points, as Go counts runes. */
const characters = (text: string): number => Array.from(text).length;

/** A string has at most as many code points as code units, and at least half as many. */
function isShorter(value: string, least: number): boolean {
  return value.length < least || (value.length < 2 * least && characters(value) < least);
}
