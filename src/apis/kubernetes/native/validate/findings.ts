/** What validation found, and the checks that nearly every kind makes; texts are kube-apiserver's. */
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

/** Collected in the order of the fields. */
export type Findings = StatusCause[];

export const immutableText = 'field is immutable';

/** A reference to what is not there. */
export function notFoundValue(field: string, value: string, detail = ''): StatusCause {
  const text = `Not found: ${JSON.stringify(value)}`;
  return { reason: 'FieldValueNotFound', field, message: detail === '' ? text : `${text}: ${detail}` };
}

/** Whether there is a text; otherwise it is required. */
export function requireText(findings: Findings, path: string, value: unknown, detail = ''): value is string {
  if (typeof value === 'string' && value !== '') return true;
  findings.push(requiredValue(path, detail));
  return false;
}

/** One of `supported`; an empty one is required or, where `optional`, absent. */
export function requireOneOf(
  findings: Findings,
  path: string,
  value: unknown,
  supported: readonly string[],
  { optional = false } = {},
): void {
  if (value === undefined || value === null || value === '') {
    if (!optional) findings.push(requiredValue(path));
  } else if (!supported.includes(value as string)) {
    findings.push(unsupportedValue(path, value, supported));
  }
}

/** One finding for each text of a rule for names. */
export function texts(findings: Findings, path: string, value: unknown, rule: readonly string[]): void {
  for (const text of rule) findings.push(invalidValue(path, value, text));
}

export function notNegative(findings: Findings, path: string, value: unknown): void {
  if (typeof value === 'number' && value < 0) {
    findings.push(invalidValue(path, value, 'must be greater than or equal to 0'));
  }
}

export function positive(findings: Findings, path: string, value: unknown): void {
  if (!(typeof value === 'number' && value > 0)) {
    findings.push(invalidValue(path, value ?? 0, 'must be greater than zero'));
  }
}

export function between(findings: Findings, path: string, value: unknown, low: number, high: number): void {
  const number = typeof value === 'number' ? value : 0;
  if (number < low || number > high) {
    findings.push(invalidValue(path, number, `must be between ${low} and ${high}, inclusive`));
  }
}

const largestPort = 65535;

export function portNumber(findings: Findings, path: string, value: unknown): void {
  between(findings, path, value, 1, largestPort);
}

/** Fields that do not belong in the place where they are. */
export function forbid(findings: Findings, path: string, value: unknown, detail: string): void {
  if (value !== undefined && value !== null) findings.push(forbiddenField(path, detail));
}
