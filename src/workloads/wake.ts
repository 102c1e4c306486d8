/** Who is looked at again when something changes: the owner of a changed object. */
import type { Change, Informer } from '#client/informer/informer.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, OwnerReference } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import type { LabelMatcher } from '#kube/selector/labels.ts';
import type { Enqueue, Priority } from '#runtime/reconciler.ts';

export const priorityOf = (change: Change<KubeObject>): Priority => (change.initial ? 'low' : 'high');

/** Is this reference to an object of that resource? Versions do not matter: a group's kind is one thing. */
export function refersTo(reference: OwnerReference, owners: Informer<KubeObject>): boolean {
  return (
    reference.kind === owners.resource.kind && parseApiVersion(reference.apiVersion).group === owners.resource.group
  );
}

/** The owner a reference means, if the cache has that very object. */
export function ownerIn<O extends KubeObject>(
  owners: Informer<O>,
  namespace: string | undefined,
  reference: OwnerReference | undefined,
): O | undefined {
  if (!reference || !refersTo(reference, owners as unknown as Informer<KubeObject>)) return undefined;
  const owner = owners.get(keyFor(owners.resource.namespaced ? namespace : undefined, reference.name));
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

export interface OwnerWaking<D extends KubeObject, O extends KubeObject> {
  readonly dependents: Informer<D>;
  readonly owners: Informer<O>;
  /** Which objects the owner wants; one without a controller that it matches is offered to it. */
  readonly selector: (owner: O) => LabelMatcher;
  readonly enqueue: Enqueue;
}

/** Every change of a dependent wakes the controllers it has and had; an orphan wakes whoever could adopt it. */
export function wakeOwners<D extends KubeObject, O extends KubeObject>(waking: OwnerWaking<D, O>): void {
  const { dependents, owners, selector, enqueue } = waking;
  dependents.onChange((change) => {
    const { object } = change;
    const { namespace } = object.metadata;
    const reference = controllerOf(object);
    const owner = ownerIn(owners, namespace, reference);
    if (owner) enqueue(keyOf(owner), priorityOf(change));
    if (change.type === 'updated') {
      const before = ownerIn(owners, namespace, controllerOf(change.old));
      if (before && before !== owner) enqueue(keyOf(before));
    }
    if (reference || change.type === 'deleted') return;
    for (const candidate of owners.list(namespace)) {
      if (selector(candidate).matches(object.metadata.labels)) enqueue(keyOf(candidate), priorityOf(change));
    }
  });
}
