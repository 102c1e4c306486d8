/** StorageObjectInUseProtection and PersistentVolumeClaimResize: storage stays while it is used, and grows only where it can. */
import type { PersistentVolumeClaim } from '#apis/kubernetes/types.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { compareQuantity, parseQuantity } from '#kube/quantity/quantity.ts';
import { refuse } from '../refuse.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

/** By resource. */
const protections: Readonly<Record<string, string>> = {
  '/persistentvolumes': 'kubernetes.io/pv-protection',
  '/persistentvolumeclaims': 'kubernetes.io/pvc-protection',
  'storage.k8s.io/volumeattributesclasses': 'kubernetes.io/vac-protection',
};

/** Controllers take the finalizers away when nobody uses the object. */
export const storageProtection: AdmissionStep = {
  name: 'StorageObjectInUseProtection',
  phase: 'mutate',
  handles: ({ group, resource, subresource, operation }) =>
    operation === 'CREATE' && subresource === '' && `${group}/${resource}` in protections,
  review: ({ object, path }) => {
    const finalizer = protections[`${path.group}/${path.resource}`]!;
    const { metadata } = object!;
    const { finalizers = [] } = metadata;
    if (finalizers.includes(finalizer)) return undefined;
    return { allowed: true, object: { ...object!, metadata: { ...metadata, finalizers: [...finalizers, finalizer] } } };
  },
};

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

const classOf = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? '';

const sizeOf = ({ spec }: PersistentVolumeClaim) => parseQuantity(spec.resources?.requests?.storage ?? '0');

export function claimResize(findClass: (name: string) => UnstructuredObject | undefined): AdmissionStep {
  return {
    name: 'PersistentVolumeClaimResize',
    phase: 'validate',
    handles: handlesResource('', 'persistentvolumeclaims', ['UPDATE']),
    review: (request) => {
      const claim = request.object as PersistentVolumeClaim;
      const old = request.oldObject as PersistentVolumeClaim;
      if (compareQuantity(sizeOf(claim), sizeOf(old)) <= 0) return undefined;
      if (old.status?.phase !== 'Bound') throw refuse(request, 'Only bound persistent volume claims can be expanded');
      const name = classOf(claim);
      const grows = name !== '' && name === classOf(old) && findClass(name)?.allowVolumeExpansion === true;
      if (grows) return undefined;
      throw refuse(
        request,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    },
  };
}
