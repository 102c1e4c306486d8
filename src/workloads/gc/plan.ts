/** What the garbage collector does with an object, by what is known of its owners and dependents. Pure. */
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';

export const finalizers = { orphan: 'orphan', foreground: 'foregroundDeletion' } as const;

const holds = ({ metadata }: KubeObject, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) ?? false;

/** Marked for deletion, and held until its dependents are gone. */
export const deletesDependents = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined && holds(object, finalizers.foreground);

/** Marked for deletion, and held until its dependents have forgotten it. */
export const orphansDependents = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined && holds(object, finalizers.orphan);

/**
 * What became of an owner: it is there; it is gone, or another object has its name; it waits for its dependents to go.
 */
export type OwnerState = 'present' | 'absent' | 'waiting';

export type OwnedPlan =
  | { readonly action: 'none' }
  /** Some owners are gone, others are there: the references to those gone are taken away. */
  | { readonly action: 'keepOwners'; readonly references: readonly OwnerReference[] }
  | { readonly action: 'delete'; readonly propagation: 'Orphan' | 'Foreground' | 'Background' };

/** For an object that is not being deleted. `hasDependents`: something refers to it. */
export function planOwned(
  object: KubeObject,
  stateOf: (reference: OwnerReference) => OwnerState,
  hasDependents: boolean,
): OwnedPlan {
  const references = object.metadata.ownerReferences ?? [];
  const states = references.map(stateOf);
  if (references.length === 0) return { action: 'none' };
  const present = references.filter((_, i) => states[i] === 'present');
  if (present.length === references.length) return { action: 'none' };
  if (present.length > 0) return { action: 'keepOwners', references: present };
  // An owner that waits for this one must also wait for what this one owns.
  if (states.includes('waiting') && hasDependents) return { action: 'delete', propagation: 'Foreground' };
  if (holds(object, finalizers.orphan)) return { action: 'delete', propagation: 'Orphan' };
  return { action: 'delete', propagation: holds(object, finalizers.foreground) ? 'Foreground' : 'Background' };
}

/** Does it keep that owner from being deleted in the foreground? */
export const blocks = (
  dependent: KubeObject,
  ownerUid: string,
  isRightful: (reference: OwnerReference) => boolean,
): boolean =>
  dependent.metadata.ownerReferences?.some(
    (reference) => reference.uid === ownerUid && reference.blockOwnerDeletion === true && isRightful(reference),
  ) ?? false;
