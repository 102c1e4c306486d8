/** The ways into an object: the resource itself and its subresources, each of which may change its own part only. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
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
}

const fieldOf = (object: KubeObject, name: string): unknown => (object as UnstructuredObject)[name];

export const mainDoor: Door = {
  subresource: '',
  merge: (served, sent, old) =>
    served.custom && served.definition.subresources.status ? withField(sent, 'status', fieldOf(old, 'status')) : sent,
  countsGeneration: true,
  validatesTransitions: true,
};
