/** Checks of one value by itself: type, enum, length, pattern, format. */
import { invalidValue, tooLong, unsupportedValue, wrongType } from '../status/causes.ts';
import { type Check, fieldOf, here, type Report, sameJson, typeName } from './check.ts';
import { formatCheck, knownFormat } from './format.ts';
import { patternOf } from './pattern.ts';
import type { Schema } from './schema.ts';

/** The types a schema allows; none means any. */
function typesOf(schema: Schema): readonly string[] {
  if (schema.intOrString) return ['integer', 'string'];
  return schema.type === undefined ? [] : [schema.type];
}

const numericFormats: Readonly<Record<string, string>> = { integer: 'int64', number: 'double' };

function refuseType(report: Report, wanted: string, shown: string): void {
  const detail = `${here(report)} in body must be of type ${wanted}: ${JSON.stringify(shown)}`;
  report.causes.push(wrongType(fieldOf(report), shown, detail));
}

export function typeCheck(schema: Schema): Check | undefined {
  const types = typesOf(schema);
  const format = schema.format !== undefined && knownFormat(schema.format) ? schema.format : undefined;
  if (types.length === 0 && format === undefined) return undefined;
  const [first, second] = types;
  const takesNumbers = first === 'number' || first === 'integer' || second !== undefined;
  const nullable = schema.nullable === true;
  const text = types.join(',');
  return (value, report) => {
    const found = typeName(value);
    report.matches++;
    if (found === first || found === second || (first === 'number' && found === 'integer')) {
      report.matches++;
      return;
    }
    if (found === 'null') {
      if (!nullable && types.length > 0) refuseType(report, text, 'null');
      return;
    }
    const isTextOrList = found === 'string' || found === 'array';
    // Of a format Go compares that one first, and takes a list for any of them.
    if (format !== undefined && !isTextOrList) refuseType(report, format, numericFormats[found] ?? '');
    else if (format !== undefined && !takesNumbers) report.matches++;
    else refuseType(report, text, found);
  };
}

export function enumCheck({ enum: allowed }: Schema): Check | undefined {
  if (!allowed || allowed.length === 0) return undefined;
  const texts = allowed.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const scalars = new Set<unknown>(allowed);
  return (value, report) => {
    if (scalars.has(value) || (typeof value === 'object' && allowed.some((each) => sameJson(each, value)))) return;
    report.causes.push(unsupportedValue(fieldOf(report), value, texts));
  };
}

/** The first of length and pattern that does not hold is told, and the format. */
export function stringCheck(schema: Schema): Check | undefined {
  const fits = lengthAndPattern(schema);
  const { format } = schema;
  const formatted = format === undefined ? undefined : formatCheck(format);
  if (!fits && !formatted) return undefined;
  return (value, report) => {
    if (typeof value !== 'string') return;
    fits?.(value, report);
    if (!formatted) return;
    report.matches++;
    if (formatted(value)) return;
    const detail = `${here(report)} in body must be of type ${format}: ${JSON.stringify(value)}`;
    report.causes.push(wrongType(fieldOf(report), value, detail));
  };
}

function lengthAndPattern(schema: Schema): ((value: string, report: Report) => void) | undefined {
  const { minLength, maxLength, pattern } = schema;
  if (minLength === undefined && maxLength === undefined && !pattern) return undefined;
  const regexp = pattern ? patternOf(pattern) : undefined;
  return (value, report) => {
    if (maxLength !== undefined && value.length > maxLength && characters(value) > maxLength) {
      report.causes.push(tooLong(fieldOf(report), maxLength));
    } else if (minLength !== undefined && isShorter(value, minLength)) {
      const detail = `${here(report)} in body should be at least ${minLength} chars long`;
      report.causes.push(invalidValue(fieldOf(report), value, detail));
    } else if (regexp && !regexp.test(value)) {
      report.causes.push(invalidValue(fieldOf(report), value, `${here(report)} in body should match '${pattern}'`));
    }
  };
}

/** Code points, as Go counts runes. */
const characters = (text: string): number => Array.from(text).length;

/** A string has at most as many code points as code units, and at least half as many. */
function isShorter(value: string, least: number): boolean {
  return value.length < least || (value.length < 2 * least && characters(value) < least);
}
