/** What an object of a plan needs and what belongs to it: its closure in the running cluster, and the names that lead nowhere. Pure. */
import { type ClosureView, closureOf } from '#interpreter/closure/closure.ts';
import type { Dependency } from '#interpreter/interpreter.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { keyOfNamed, keyOfObject, type Named } from './named.ts';
import { canDoWithout } from './optional.ts';
import { type Reference, referencesOf } from './references.ts';

/** The objects of the running cluster that were read. */
export interface Surroundings {
  readonly view: ClosureView;
  readonly find: (named: Named) => UnstructuredObject | undefined;
}

export interface Related extends Reference {
  /** Undefined: it is not in the running cluster. */
  readonly live: UnstructuredObject | undefined;
  /** Its Pods run without it. */
  readonly optional?: true;
}

export interface Relations {
  readonly related: readonly Related[];
  /** Why there is more than is told. */
  readonly cutShort?: string;
}

export function relationsOf(
  object: UnstructuredObject,
  dependencies: readonly Dependency[],
  { view, find }: Surroundings,
): Relations {
  const closure = closureOf(object, dependencies, view);
  const named = dependencies.flatMap(({ apiVersion, kind, namespace, name }): readonly Reference[] =>
    name
      ? [{ apiVersion, kind, ...(namespace ? { namespace } : {}), name, because: `is used by ${titled(object)}` }]
      : [],
  );
  const byKey = new Map<string, Related>();
  const isOptional = canDoWithout(object);
  for (const each of [...closure.members, ...named, ...referencesOf(object)]) {
    const key = keyOfNamed(each);
    if (!byKey.has(key)) byKey.set(key, { ...each, live: find(each), ...(isOptional(each) ? { optional: true } : {}) });
  }
  byKey.delete(keyOfObject(object));
  return { related: [...byKey.values()], ...(closure.cutShort ? { cutShort: closure.cutShort } : {}) };
}
