/** A closure as a binding's annotation records it: for people, and for whoever has to know what comes along. */
import { closure, propagateClosure, propagateClosureOn } from '#apis/names/annotations.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ClosureMember } from './closure.ts';
import { closureKinds, groupKind } from './kinds.ts';

type Named = Pick<ClosureMember, 'apiVersion' | 'kind'>;

/** Annotations may be edited by anybody: what is no list of references is none. */
export function referencesIn<T extends Named>(text: string | undefined): readonly T[] {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    const isReference = (each: Partial<Named> | null) =>
      typeof each?.apiVersion === 'string' && typeof each.kind === 'string';
    return Array.isArray(value) && value.every(isReference) ? (value as readonly T[]) : [];
  } catch {
    return [];
  }
}

export const wantsClosure = ({ metadata: { annotations } }: KubeObject): boolean =>
  annotations?.[propagateClosure] === propagateClosureOn;

/** Empty where the policy does not ask for one, or it is not known yet. */
export const recordedClosure = (binding: KubeObject): readonly ClosureMember[] =>
  wantsClosure(binding) ? referencesIn(binding.metadata.annotations?.[closure]) : [];

const definition = groupKind(closureKinds.definition);

/** Does the template's own kind come along with it? Then no cluster has to serve it before. */
export const bringsDefinition = (binding: KubeObject): boolean =>
  recordedClosure(binding).some((member) => groupKind(gvkOf(member)) === definition);
