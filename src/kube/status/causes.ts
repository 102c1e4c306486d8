/** Field errors, one function per type, in the words of apimachinery's validation/field; `errors.ts` `invalid` joins them. */
import type { StatusCause } from './status.ts';

const cause = (reason: string, field: string, text: string, detail: string): StatusCause => ({
  reason,
  field,
  message: detail === '' ? text : `${text}: ${detail}`,
});

/** How a bad value is shown: strings quoted, numbers and booleans bare, everything else as Go writes JSON. */
function shown(value: unknown): string {
  if (typeof value === 'number') return shownNumber(value);
  const text = JSON.stringify(value === undefined ? null : value);
  return typeof value === 'object' && value !== null ? text.replace(/[<>&]/g, escaped) : text;
}

const escaped = (letter: string) => `\\u00${letter.charCodeAt(0).toString(16)}`;

/** Go's %v of a float64: with an exponent from a million up; whole numbers are integers to it. */
function shownNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) < 1e6) return String(value);
  const [digits, exponent = '0'] = value.toExponential().split('e');
  return `${digits}e${exponent.startsWith('-') ? '-' : '+'}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

export const requiredValue = (field: string, detail = ''): StatusCause =>
  cause('FieldValueRequired', field, 'Required value', detail);

export const invalidValue = (field: string, value: unknown, detail: string): StatusCause =>
  cause('FieldValueInvalid', field, `Invalid value: ${shown(value)}`, detail);

/** A rule of a definition that does not hold, for the reason it gives; `value` is not shown where it is undefined. */
export function failedRule(reason: string, field: string, value: unknown, detail: string): StatusCause {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbiddenField(field, detail);
    case 'FieldValueRequired':
      return requiredValue(field, detail);
    case 'FieldValueDuplicate':
      return value === undefined ? cause(reason, field, 'Duplicate value', '') : duplicateValue(field, value);
    default:
      return value === undefined
        ? cause('FieldValueInvalid', field, 'Invalid value', detail)
        : invalidValue(field, value, detail);
  }
}

export const internalCause = (field: string, detail: string): StatusCause =>
  cause('InternalError', field, 'Internal error', detail);

/** The value is of another JSON type than its schema; `found` is that type's name. */
export const wrongType = (field: string, found: string, detail: string): StatusCause =>
  cause('FieldValueTypeInvalid', field, `Invalid value: ${shown(found)}`, detail);

export const unsupportedValue = (field: string, value: unknown, supported: readonly string[]): StatusCause =>
  cause(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${shown(value)}`,
    supported.length === 0 ? '' : `supported values: ${supported.map(shown).join(', ')}`,
  );

export const duplicateValue = (field: string, value: unknown): StatusCause =>
  cause('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}`, '');

export const forbiddenField = (field: string, detail: string): StatusCause =>
  cause('FieldValueForbidden', field, 'Forbidden', detail);

/** `most` counts characters, whatever the text says; it is the API's own. */
export const tooLong = (field: string, most: number): StatusCause =>
  cause('FieldValueTooLong', field, 'Too long', `may not be more than ${most} ${most === 1 ? 'byte' : 'bytes'}`);

export const tooMany = (field: string, actual: number, most: number): StatusCause =>
  cause(
    'FieldValueTooMany',
    field,
    `Too many: ${actual}`,
    `must have at most ${most} ${most === 1 ? 'item' : 'items'}`,
  );
