/** Counts that may be given as a share: maxUnavailable, maxSurge, minAvailable. */
import { invalidValue } from '#kube/status/causes.ts';
import { textOf } from '../../value.ts';
import { type Findings, notNegative, texts } from '../findings.ts';
import { percent } from '../names.ts';

/** Not negative, or a percentage. */
export function checkCountOrShare(findings: Findings, path: string, value: unknown): void {
  if (typeof value === 'number') notNegative(findings, path, value);
  else if (value !== undefined) texts(findings, path, value, percent(textOf(value)));
}

export function checkAtMostAll(findings: Findings, path: string, value: unknown): void {
  if (typeof value !== 'string' || !/^\d+%$/.test(value) || Number.parseInt(value, 10) <= 100) return;
  findings.push(invalidValue(path, value, 'must not be greater than 100%'));
}

export function isNone(value: unknown): boolean {
  return value === undefined || value === 0 || (typeof value === 'string' && !(Number.parseInt(value, 10) > 0));
}
