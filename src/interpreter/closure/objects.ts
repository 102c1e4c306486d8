/** Objects as a closure sees them: how they are named in words, which are brought along at all, what a field of theirs holds. */
import { belongsToItsCluster } from '#apis/kubernetes/own-objects.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

export interface Neighbour {
  readonly object: UnstructuredObject;
  /** `selects Pods of Deployment default/web`. */
  readonly because: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields => (value ?? {}) as Fields;
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value : []) as readonly Fields[];

/** '' for what is no text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `Deployment default/web`. */
export const described = ({ kind, metadata }: UnstructuredObject): string =>
  `${kind} ${keyFor(metadata.namespace, metadata.name!)}`;

/** What each cluster makes for itself, and what is on its way out. */
export function isClustersOwn(object: UnstructuredObject): boolean {
  const { kind, metadata } = object;
  if (metadata.deletionTimestamp || belongsToItsCluster(object)) return true;
  if (kind === 'ServiceAccount') return metadata.name === 'default';
  return kind === 'Secret' && object.type === 'kubernetes.io/service-account-token';
}

/** Those that `why` has a word for, by name: caches list in any order. */
export const chosen = (
  objects: readonly UnstructuredObject[],
  why: (object: UnstructuredObject) => string | undefined,
): readonly Neighbour[] =>
  objects
    .flatMap((object) => {
      const because = why(object);
      return because === undefined ? [] : [{ object, because }];
    })
    .sort((a, b) => (keyOf(a.object) < keyOf(b.object) ? -1 : 1));

/** The object, if it is there. */
export const found = (object: UnstructuredObject | undefined, because: string): readonly Neighbour[] =>
  object ? [{ object, because }] : [];
