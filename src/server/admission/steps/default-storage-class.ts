/** DefaultStorageClass: a claim that names no class gets the default one, the newest where there are several. */
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

const defaultMark = 'storageclass.kubernetes.io/is-default-class';

/** Newest first, then by name. */
function newer(left: UnstructuredObject, right: UnstructuredObject): number {
  const byTime = (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? '');
  return byTime || (left.metadata.name ?? '').localeCompare(right.metadata.name ?? '');
}

export function defaultStorageClass(classes: () => readonly UnstructuredObject[]): AdmissionStep {
  return {
    name: 'DefaultStorageClass',
    phase: 'mutate',
    handles: handlesResource('', 'persistentvolumeclaims', ['CREATE']),
    review: ({ object }) => {
      const claim = object as UnstructuredObject;
      const spec = (claim.spec ?? {}) as JsonObject;
      // An empty name is a wish: no class.
      if (spec.storageClassName !== undefined) return { allowed: true };
      const chosen = classes()
        .filter(({ metadata }) => metadata.annotations?.[defaultMark] === 'true')
        .sort(newer)[0];
      if (!chosen) return { allowed: true };
      return {
        allowed: true,
        object: { ...claim, spec: { ...spec, storageClassName: chosen.metadata.name } } as UnstructuredObject,
      };
    },
  };
}
