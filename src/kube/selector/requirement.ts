/** One requirement of a label selector, and the rules it must meet (apimachinery labels.NewRequirement). */
import { labelValue, qualifiedName } from '../names/validate.ts';

export type LabelOperator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** All that is wrong, as one text; undefined when nothing is. */
export function requirementError({ key, operator, values }: LabelRequirement): string | undefined {
  const errors: string[] = [];
  const wrong = (field: string, value: string, text: string) =>
    errors.push(`${field}: Invalid value: ${value}: ${text}`);
  const keyErrors = qualifiedName(key);
  if (keyErrors.length > 0) wrong('key', JSON.stringify(key), keyErrors.join('; '));
  const list = `[${values.map((value) => JSON.stringify(value)).join(',')}]`;
  if ((operator === 'in' || operator === 'notin') && values.length === 0) {
    wrong('values', list, "for 'in', 'notin' operators, values set can't be empty");
  }
  if ((operator === 'exists' || operator === '!') && values.length > 0) {
    wrong('values', list, 'values set must be empty for exists and does not exist');
  }
  for (const [index, value] of values.entries()) {
    if ((operator === 'gt' || operator === 'lt') && !isInt64(value)) {
      wrong(`values[${index}]`, JSON.stringify(value), "for 'Gt', 'Lt' operators, the value must be an integer");
    }
    const valueErrors = labelValue(value);
    if (valueErrors.length > 0) wrong(`values[${index}][${key}]`, JSON.stringify(value), valueErrors.join('; '));
  }
  if (errors.length < 2) return errors[0];
  return `[${errors.join(', ')}]`;
}

const bound = 2n ** 63n;

/** Go's ParseInt of 64 bits. */
function isInt64(text: string): boolean {
  if (!/^[-+]?\d+$/.test(text)) return false;
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.replace('+', ''));
  return value >= -bound && value < bound;
}
