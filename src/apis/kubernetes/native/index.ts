/**
 * What kube-apiserver v1.35 does to built-in kinds beyond their schema: defaults and canonical forms, preparation,
 * validation, warnings, selectable fields.
 */
import type { NativeBehaviour } from '#kube/kind/definition.ts';
import { canonicalObject } from './canonical/object.ts';
import { kindsWithGeneration } from './generation.ts';
import { preparations } from './prepare/kinds.ts';

/**
 * For every built-in kind; `group` is '' for core. prepareForCreate expects name and uid to be set; prepareForUpdate is
 * for the object itself, not for its subresources. validate holds for creates and updates, validateUpdate adds what
 * may not change. Metadata is the registry's.
 */
export function nativeBehaviour(group: string, kind: string): NativeBehaviour {
  const key = `${group}/${kind}`;
  const preparation = preparations[key];
  return {
    defaults: canonicalObject,
    prepareForCreate: preparation?.create,
    prepareForUpdate: preparation?.update,
    hasGeneration: kindsWithGeneration.has(key),
  };
}
