/** What a binding's annotations say of what its template needs: written for people and compatible clients, read by us. */
import * as annotation from '#apis/names/annotations.ts';
import { dependencies as finalizer } from '#apis/names/finalizers.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { ClosureMember } from '#interpreter/closure/closure.ts';
import { recordedClosure, referencesIn } from '#interpreter/closure/record.ts';
import type { Dependency } from '#interpreter/interpreter.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';

export interface Needs {
  readonly dependencies: readonly Dependency[];
  /** Undefined where the policy does not ask for it. */
  readonly closure?: readonly ClosureMember[];
}

/** Does this binding have its dependencies distributed? As the reference does, only bindings of namespaced templates. */
export const isReferrer = ({ kind, metadata, spec }: Binding): boolean =>
  kind === 'ResourceBinding' && spec.propagateDeps === true && metadata.deletionTimestamp === undefined;

export const isRecorded = ({ metadata: { annotations } }: Binding): boolean =>
  annotations?.[annotation.dependencies] !== undefined;

/** Something of ours is on the binding that has to come off before it may go. */
export const isHeld = (binding: Binding): boolean =>
  isRecorded(binding) || (binding.metadata.finalizers?.includes(finalizer) ?? false);

/** As Go marshals its list of DependentObjectReference: fields in this order, empty ones left out, no list as null. */
export function dependenciesText(dependencies: readonly Dependency[]): string {
  if (dependencies.length === 0) return 'null';
  return JSON.stringify(
    dependencies.map(({ apiVersion, kind, namespace, name, labelSelector }) => ({
      apiVersion,
      kind,
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
      ...(labelSelector ? { labelSelector } : {}),
    })),
  );
}

/** The binding with its needs recorded and our finalizer; the same reference when it is so already. */
export function withNeeds<T extends Binding>(binding: T, { dependencies, closure }: Needs): T {
  const { metadata } = binding;
  const { [annotation.closure]: _closure, ...others } = metadata.annotations ?? {};
  const annotations = {
    ...others,
    [annotation.dependencies]: dependenciesText(dependencies),
    ...(closure ? { [annotation.closure]: JSON.stringify(closure) } : {}),
  };
  const finalizers = metadata.finalizers ?? [];
  const same =
    annotations[annotation.dependencies] === metadata.annotations?.[annotation.dependencies] &&
    annotations[annotation.closure] === metadata.annotations?.[annotation.closure];
  if (same && finalizers.includes(finalizer)) return binding;
  return {
    ...binding,
    metadata: {
      ...metadata,
      annotations: same ? metadata.annotations : annotations,
      finalizers: finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer],
    },
  };
}

/** The binding without our records and finalizer; the same reference when it has none. */
export function withoutNeeds<T extends Binding>(binding: T): T {
  const { metadata } = binding;
  const {
    [annotation.dependencies]: dependencies,
    [annotation.closure]: closure,
    ...annotations
  } = metadata.annotations ?? {};
  const held = metadata.finalizers?.includes(finalizer) ?? false;
  if (dependencies === undefined && closure === undefined && !held) return binding;
  const finalizers = metadata.finalizers?.filter((each) => each !== finalizer);
  return { ...binding, metadata: { ...metadata, annotations, ...(finalizers ? { finalizers } : {}) } };
}

/** One that cannot be read chooses nothing: whoever else needs objects of the kind must not be kept from them. */
function hasReadableSelector({ labelSelector }: Dependency): boolean {
  try {
    labelSelectorMatcher(labelSelector);
    return true;
  } catch {
    return false;
  }
}

const known = new WeakMap<Binding, readonly Dependency[]>();

/** All that the binding says it needs; empty unless it is a referrer. */
export function needsOf(binding: Binding): readonly Dependency[] {
  if (!isReferrer(binding)) return [];
  let needs = known.get(binding);
  if (!needs) {
    const text = binding.metadata.annotations?.[annotation.dependencies];
    needs = [...referencesIn<Dependency>(text).filter(hasReadableSelector), ...recordedClosure(binding)];
    known.set(binding, needs);
  }
  return needs;
}
