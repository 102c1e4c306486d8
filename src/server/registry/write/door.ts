/** The ways into an object: the resource itself and its subresources, each of which may change its own part only. */
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Scope } from '../context.ts';
import type { ServedKind } from '../kinds/served.ts';
import { withField } from '../metadata.ts';

export interface Door {
  /** '' for the resource itself. */
  readonly subresource: string;
  /** `sent`, but only with what may be changed here; everything else as in `old`. */
  readonly merge: (served: ServedKind, sent: KubeObject, old: KubeObject) => KubeObject;
  readonly countsGeneration: boolean;
  /** Whether the kind's rules about changes (immutable fields) are asked. */
  readonly validatesTransitions: boolean;
  /** Rules of this way in alone. */
  readonly validateChange?: (object: KubeObject, old: KubeObject) => readonly StatusCause[];
  /** Admission is asked about another object than the one that is stored: a Scale. */
  readonly shown?: ShownObject;
  /** What came through was admitted as what was sent (a Binding), and is not asked about again. */
  readonly unadmitted?: boolean;
}

/** How a subresource shows an object of its own kind, and takes it back. */
export interface ShownObject {
  readonly kind: GroupVersionKind;
  readonly of: (scope: Scope, object: KubeObject) => KubeObject;
  readonly into: (scope: Scope, object: KubeObject, shown: KubeObject) => KubeObject;
}

const fieldOf = (object: KubeObject, name: string): unknown => (object as UnstructuredObject)[name];

export const mainDoor: Door = {
  subresource: '',
  merge: (served, sent, old) =>
    served.custom && served.definition.subresources.status ? withField(sent, 'status', fieldOf(old, 'status')) : sent,
  countsGeneration: true,
  validatesTransitions: true,
};
