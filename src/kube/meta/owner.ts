/** Owner references: who made an object, and which of the makers controls it. */
import type { KubeObject, OwnerReference } from './object.ts';

type Owner = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>;
type Owned = { readonly metadata: KubeObject['metadata'] };

/** The one reference with `controller: true`. */
export function controllerOf(object: Owned): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function isControlledBy(object: Owned, owner: Owned): boolean {
  const controller = controllerOf(object);
  return controller !== undefined && controller.uid === owner.metadata.uid;
}

/** A plain reference: the garbage collector follows it, nobody controls by it. */
export function ownerReferenceTo(owner: Owner): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' };
}

/** As controllers write it on what they create: deleting the owner in the foreground waits for it. */
export function controllerReferenceTo(owner: Owner): OwnerReference {
  return { ...ownerReferenceTo(owner), controller: true, blockOwnerDeletion: true };
}
