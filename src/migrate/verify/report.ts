/**
 * A verification as a report that others can check: bound to the plan and the evidence it was computed from, and sealed
 * with the control plane's key. Pure.
 */
import { canonicalJson } from '#kube/fields/text.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import type { EvidenceKey } from '../evidence/key.ts';
import type { Verification } from './verify.ts';

const reportApiVersion = 'migrate.flotilla.io/v1alpha1';

/** SHA-256 of each file, by its path in the plan's folder. */
export type Inputs = Readonly<Record<string, string>>;

export interface Report extends Verification {
  readonly apiVersion: typeof reportApiVersion;
  readonly kind: 'MigrationReport';
  readonly inputs: Inputs;
  /** SHA-256 of the inputs together. */
  readonly checksum: string;
  /** Of all of the above. */
  readonly seal: string;
}

const sealed = (report: object, key: EvidenceKey): string => {
  const { seal: _, ...rest } = report as Partial<Report>;
  return key.seal(`report ${canonicalJson(rest as unknown as JsonValue)}`);
};

/** `sha256` in hexadecimal. */
export function reportOf(
  result: Verification,
  inputs: Inputs,
  key: EvidenceKey,
  sha256: (text: string) => string,
): Report {
  const body = {
    apiVersion: reportApiVersion as typeof reportApiVersion,
    kind: 'MigrationReport' as const,
    ...result,
    inputs,
    checksum: sha256(canonicalJson(inputs)),
  };
  return { ...body, seal: sealed(body, key) };
}

/** What each look finds is written over what the one before found. */
const lastLook = 'evidence/after.json';

/** Whether somebody has looked again since: the report stands, and what it was computed from is gone. */
export const isSuperseded = ({ inputs }: Report, now: Inputs): boolean => inputs[lastLook] !== now[lastLook];

/**
 * What is wrong with a report, in lines; empty where it belongs to these files and says what was found. What a look
 * found is vouched for by the seal alone: the next one replaces it.
 */
export function faultsOf(report: unknown, inputs: Inputs, key: EvidenceKey): readonly string[] {
  const { kind, seal, inputs: claimed } = (report ?? {}) as Partial<Report>;
  if (kind !== 'MigrationReport' || typeof seal !== 'string' || typeof claimed !== 'object') {
    return ['it is no report of migrate verify: its JSON or YAML has no seal'];
  }
  const edited = sealed(report as object, key) === seal ? [] : ['it was edited, or is of another control plane'];
  const paths = [...new Set([...Object.keys(claimed), ...Object.keys(inputs)])];
  const others = paths.filter((path) => path !== lastLook && claimed[path] !== inputs[path]);
  return [...edited, ...others.map((path) => `${path} is not the file that it was computed from`)];
}
