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

/** The manifest with all the rules applied, the same reference where they change nothing. Throws RuleFailed. */
export function overridden(manifest: UnstructuredObject, rules: readonly PolicyRule[]): Overridden {
  const placed: Placed[] = [];
  let object = manifest;
  for (const { policy, rule, path } of rules) {
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
  }
  return { manifest: object, placed };
}
