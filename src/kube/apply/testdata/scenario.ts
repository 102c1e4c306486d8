/**
 * A scenario: writes by several managers to one object, one after another, and after each the object and who owns what.
 * The expectations were compared with kube-apiserver v1.35's own field manager when they were written.
 */
import { applyMergePatch } from '#kube/patch/merge.ts';
import { formatPath, fromFieldsV1, pathsOf } from '#kube/fields/fieldset.ts';
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import { StatusError } from '#kube/status/status.ts';
import { serverSideApply } from '../apply.ts';
import { recordUpdate } from '../update.ts';
import { kinds } from './kinds.ts';

interface Writer {
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: string;
}

export interface Step {
  /** An object put there without ownership. */
  readonly stored?: KubeObject;
  readonly apply?: Writer;
  readonly update?: Writer;
  /** What is applied, or the whole object of an update. */
  readonly object?: KubeObject;
  /** A merge patch on the object, for an update. */
  readonly merge?: JsonObject;
  readonly expect?: Outcome;
}

export interface Scenario {
  readonly about: string;
  readonly kind: string;
  readonly steps: readonly Step[];
}

/** Either an error text, or the object without managedFields and the fields each entry owns. */
export interface Outcome {
  readonly error?: string;
  readonly object?: JsonValue;
  readonly owners?: Readonly<Record<string, readonly string[]>>;
}

export interface Result {
  readonly object: KubeObject | undefined;
  readonly outcome: Outcome;
}

export const FIRST_SECOND = 1_767_225_600_000;

/** Takes one step; `index` gives the time. A refused write leaves the object as it was. */
export function take(kind: string, before: KubeObject | undefined, step: Step, index: number): Result {
  const schema = kinds[kind]!;
  try {
    const object = step.stored ?? write(schema, before, step, FIRST_SECOND + index * 1_000);
    return { object, outcome: describe(object) };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { object: before, outcome: { error: error.message } };
  }
}

function write(schema: (typeof kinds)[string], live: KubeObject | undefined, step: Step, now: number): KubeObject {
  const { manager, force, subresource } = (step.apply ?? step.update)!;
  const stated = step.object ?? (applyMergePatch(live as unknown as JsonValue, step.merge!) as unknown as KubeObject);
  const facts = { schema, manager, apiVersion: stated.apiVersion, subresource, now };
  if (step.apply) return withUid(serverSideApply({ ...facts, live, config: stated, force }).object);
  return withUid(recordUpdate({ ...facts, old: live, updated: stated }));
}

const withUid = (object: KubeObject): KubeObject =>
  object.metadata.uid ? object : { ...object, metadata: { ...object.metadata, uid: 'u' } };

export function describe(object: KubeObject): Outcome {
  const { managedFields = [], uid: _, ...metadata } = object.metadata;
  const owners: Record<string, readonly string[]> = {};
  for (const { manager, operation, subresource, time, fieldsV1 } of managedFields) {
    const seconds = time ? ` at ${(Date.parse(time) - FIRST_SECOND) / 1_000}` : '';
    const name = `${manager} ${operation}${subresource ? ` ${subresource}` : ''}${seconds}`;
    owners[name] = pathsOf(fromFieldsV1(fieldsV1)).map(formatPath);
  }
  return { object: { ...object, metadata } as unknown as JsonValue, owners };
}
