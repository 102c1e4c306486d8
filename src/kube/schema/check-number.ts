/** Checks of numbers: multiples and bounds, which Go makes whole before it holds whole numbers against them. */
import { invalidValue } from '../status/causes.ts';
import { type Check, fieldOf, here, type Report } from './check.ts';
import type { Schema } from './schema.ts';

export function numberCheck(schema: Schema): Check | undefined {
  const { multipleOf, minimum, maximum } = schema;
  if (multipleOf === undefined && minimum === undefined && maximum === undefined) return undefined;
  return (value, report) => {
    if (typeof value !== 'number') return;
    const whole = Number.isInteger(value);
    const bound = (limit: number) => (whole ? Math.trunc(limit) : limit);
    if (multipleOf !== undefined) checkMultiple(value, bound(multipleOf), report);
    if (minimum !== undefined) checkMinimum(value, bound(minimum), schema.exclusiveMinimum === true, report);
    if (maximum !== undefined) checkMaximum(value, bound(maximum), schema.exclusiveMaximum === true, report);
  };
}

function refuse(report: Report, value: number, rule: string): void {
  report.causes.push(invalidValue(fieldOf(report), value, `${here(report)} in body should be ${rule}`));
}

function checkMultiple(value: number, factor: number, report: Report): void {
  if (factor <= 0) {
    const detail = `factor MultipleOf declared for ${here(report)} must be positive: ${factor}`;
    report.causes.push(invalidValue(fieldOf(report), factor, detail));
  } else if (!isMultiple(value, factor)) refuse(report, value, `a multiple of ${factor}`);
}

function checkMinimum(value: number, minimum: number, exclusive: boolean, report: Report): void {
  if (exclusive ? value > minimum : value >= minimum) return;
  refuse(report, value, `greater than ${exclusive ? '' : 'or equal to '}${minimum}`);
}

function checkMaximum(value: number, maximum: number, exclusive: boolean, report: Report): void {
  if (exclusive ? value < maximum : value <= maximum) return;
  refuse(report, value, `less than ${exclusive ? '' : 'or equal to '}${maximum}`);
}

/** Decimal fractions are counted in floating point, so a quotient is whole within its rounding. */
function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) <= Number.EPSILON * Math.abs(quotient);
}
