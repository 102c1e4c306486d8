/**
 * What kube-apiserver v1.35 does to built-in kinds beyond their schema: defaults and canonical forms, preparation,
 * validation, warnings, selectable fields.
 */
import type { NativeBehaviour } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { canonicalObject } from './canonical/object.ts';
import { kindsWithFixedGeneration, kindsWithGeneration } from './generation.ts';
import { preparations } from './prepare/kinds.ts';
import { selectableFields } from './selectable.ts';
import { noRules, validations } from './validate/kinds.ts';
import { warningsOf } from './warn/kinds.ts';

const nothingFound = Object.freeze([]);

type Rules = NonNullable<NativeBehaviour['validate']>;

/** A spec that was found valid is valid: what controllers write most, a status, costs only rules of its own. */
function ofWhatChanged(validate: Rules, validateStatus: Rules | undefined): Rules {
  return (object, old) => {
    const [now, before] = [object, old] as (UnstructuredObject | undefined)[];
    const sameSpec = now!.spec !== undefined && before !== undefined && now!.spec === before.spec;
    const found = sameSpec ? nothingFound : validate(object);
    if (!validateStatus || !before || now!.status === before.status) return found;
    return [...found, ...validateStatus(object)];
  };
}

/**
 * For every built-in kind; `group` is '' for core. prepareForCreate expects name, uid and creationTimestamp to be set;
 * prepareForUpdate is for the object itself, not for its subresources. validate holds for creates (no resourceVersion)
 * and updates, validateUpdate adds what may not change. Metadata is the registry's.
 */
export function nativeBehaviour(group: string, kind: string): NativeBehaviour {
  const key = `${group}/${kind}`;
  const preparation = preparations[key];
  const { validate, update, status } = validations[key] ?? noRules;
  return {
    defaults: canonicalObject,
    prepareForCreate: preparation?.create,
    prepareForUpdate: preparation?.update,
    prepareForStatus: preparation?.status,
    validate: ofWhatChanged(validate, status),
    validateUpdate: update,
    warnings: warningsOf[key],
    hasGeneration: kindsWithGeneration.has(key),
    hasFixedGeneration: kindsWithFixedGeneration.has(key),
    selectableFields: selectableFields[key],
  };
}
