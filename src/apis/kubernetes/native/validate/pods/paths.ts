/** Paths inside volumes and containers. */
import { invalidValue } from '#kube/status/causes.ts';
import type { Findings } from '../findings.ts';

export function checkNoBacksteps(findings: Findings, path: string, target: string): void {
  if (target.split('/').includes('..')) findings.push(invalidValue(path, target, "must not contain '..'"));
}

/** Relative, and never upwards. */
export function checkDescending(findings: Findings, path: string, target: string): void {
  if (target.startsWith('/')) findings.push(invalidValue(path, target, 'must be a relative path'));
  checkNoBacksteps(findings, path, target);
}

/** Names that start with two dots are the kubelet's. */
export function checkNotReserved(findings: Findings, path: string, target: string): void {
  checkDescending(findings, path, target);
  if (target.startsWith('..') && !target.startsWith('../')) {
    findings.push(invalidValue(path, target, "must not start with '..'"));
  }
}
