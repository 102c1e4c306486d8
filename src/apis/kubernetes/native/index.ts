/**
 * What kube-apiserver v1.35 does to built-in kinds beyond their schema: defaults and canonical forms, preparation,
 * validation, warnings, selectable fields.
 */
import type { NativeBehaviour } from '#kube/kind/definition.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { canonicalObject } from './canonical/object.ts';
import { kindsWithGeneration } from './generation.ts';
import { preparations } from './prepare/kinds.ts';
import { selectableFields } from './selectable.ts';
import { noRules, validations } from './validate/kinds.ts';
import { warningsOf } from './warn/kinds.ts';

/** Kinds whose rules look at what may change beside the spec. */
const looksBeyondSpec = new Set(['apiextensions.k8s.io/CustomResourceDefinition']);

const nothingFound = Object.freeze([]);

/** A spec that was found valid is valid: what controllers write most, a status, costs none of its rules. */
function unlessSpecIsAsItWas(validate: NonNullable<NativeBehaviour['validate']>): typeof validate {
  return (object, old) => {
    const spec = specOf(object);
    return spec !== undefined && old !== undefined && spec === specOf(old) ? nothingFound : validate(object);
  };
}

const specOf = (object: KubeObject): unknown => (object as UnstructuredObject).spec;

/**
 * For every built-in kind; `group` is '' for core. prepareForCreate expects name, uid and creationTimestamp to be set;
 * prepareForUpdate is for the object itself, not for its subresources. validate holds for creates (no resourceVersion)
 * and updates, validateUpdate adds what may not change. Metadata is the registry's.
 */
export function nativeBehaviour(group: string, kind: string): NativeBehaviour {
  const key = `${group}/${kind}`;
  const preparation = preparations[key];
  const { validate, update } = validations[key] ?? noRules;
  return {
    defaults: canonicalObject,
    prepareForCreate: preparation?.create,
    prepareForUpdate: preparation?.update,
    validate: looksBeyondSpec.has(key) ? validate : unlessSpecIsAsItWas(validate),
    validateUpdate: update,
    warnings: warningsOf[key],
    hasGeneration: kindsWithGeneration.has(key),
    selectableFields: selectableFields[key],
  };
}
