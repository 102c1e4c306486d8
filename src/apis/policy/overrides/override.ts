/** What override policies make of a manifest: rule by rule, and in each rule in the order of the table below. */
import { keyFor } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Overriders } from '../override-spec.ts';
import { argsOperations, commandOperations, imageOperations } from './containers.ts';
import { fieldOperations } from './field.ts';
import { annotationsOperations, labelsOperations } from './maps.ts';
import { applyOperations, type Operation, OverrideError, type Placed } from './operation.ts';
import type { AnyOverridePolicy, PolicyRule } from './select.ts';

/** The operations each overrider of a rule stands for on the object as the ones before it left it. */
type Steps = {
  readonly [K in keyof Overriders]-?: (
    object: UnstructuredObject,
    overrider: NonNullable<Overriders[K]>[number],
  ) => readonly Operation[];
};

/** In the order in which they apply. */
const steps: Steps = {
  imageOverrider: imageOperations,
  commandOverrider: commandOperations,
  argsOverrider: argsOperations,
  labelsOverrider: labelsOperations,
  annotationsOverrider: annotationsOperations,
  fieldOverrider: fieldOperations,
  plaintext: (_object, { operator, path, value }) => [{ op: operator, path, value: value ?? null }],
};
const order = Object.keys(steps) as readonly (keyof Overriders)[];

export interface Overridden {
  readonly manifest: UnstructuredObject;
  /** Where rules set something, in this order. */
  readonly placed: readonly Placed[];
}

/** A rule that cannot be applied; its message says which and why, in paths and without values. */
export class RuleFailed extends Error {
  override readonly name = 'RuleFailed';
  readonly policy: AnyOverridePolicy;

  constructor(policy: AnyOverridePolicy, why: string) {
    const { kind, metadata } = policy;
    super(`${kind} ${keyFor(metadata.namespace, metadata.name!)}: ${why}`);
    this.policy = policy;
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextMap = (value: unknown): boolean =>
  value === undefined || (isMap(value) && Object.values(value).every((each) => typeof each === 'string'));
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** What of an object the flow cannot do without, where plaintext has taken it. */
function missingIn(object: unknown): string | undefined {
  if (!isMap(object)) return 'object';
  const { apiVersion, kind, metadata } = object;
  if (!isText(apiVersion)) return 'apiVersion';
  if (!isText(kind)) return 'kind';
  if (!isMap(metadata) || !isText(metadata.name)) return 'metadata.name';
  if (!isTextMap(metadata.labels)) return 'map of texts at metadata.labels';
  return isTextMap(metadata.annotations) ? undefined : 'map of texts at metadata.annotations';
}

/** The manifest with all the rules applied, the same reference where they change nothing. Throws RuleFailed. */
export function overridden(manifest: UnstructuredObject, rules: readonly PolicyRule[]): Overridden {
  const placed: Placed[] = [];
  let object = manifest;
  for (const rule of rules) object = applyRule(object, rule, placed);
  return { manifest: object, placed };
}

function applyRule(manifest: UnstructuredObject, { policy, rule, path }: PolicyRule, placed: Placed[]) {
  let object = manifest;
  for (const name of order) {
    const operationsOf = steps[name] as (object: UnstructuredObject, overrider: unknown) => readonly Operation[];
    for (const [i, overrider] of (rule.overriders[name] ?? []).entries()) {
      try {
        object = applyOperations(object, operationsOf(object, overrider), placed);
      } catch (error) {
        if (error instanceof OverrideError) throw new RuleFailed(policy, `${path}.${name}[${i}]: ${error.message}`);
        throw error;
      }
    }
  }
  const missing = object === manifest ? undefined : missingIn(object);
  if (missing !== undefined) throw new RuleFailed(policy, `${path}: it leaves no ${missing}`);
  return object;
}
