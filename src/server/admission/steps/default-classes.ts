/** DefaultStorageClass and DefaultIngressClass: what names no class gets the default one, the newest of several. */
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

type Classes = () => readonly UnstructuredObject[];

/** Newest first, then by name. */
function newer(left: UnstructuredObject, right: UnstructuredObject): number {
  const byTime = (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? '');
  return byTime || (left.metadata.name ?? '').localeCompare(right.metadata.name ?? '');
}

interface Defaulting {
  readonly name: string;
  readonly group: string;
  readonly resource: string;
  readonly field: string;
  /** On the class that is the default. */
  readonly mark: string;
  /** The older way of naming a class. */
  readonly annotation: string;
}

/** An empty name is a wish: no class. */
function defaulted({ name, group, resource, field, mark, annotation }: Defaulting, classes: Classes): AdmissionStep {
  return {
    name,
    phase: 'mutate',
    handles: handlesResource(group, resource, ['CREATE']),
    review: ({ object }) => {
      const one = object as UnstructuredObject;
      const spec = (one.spec ?? {}) as JsonObject;
      if (spec[field] !== undefined || one.metadata.annotations?.[annotation] !== undefined) return undefined;
      const chosen = classes()
        .filter(({ metadata }) => metadata.annotations?.[mark] === 'true')
        .sort(newer)[0];
      if (!chosen) return undefined;
      return {
        allowed: true,
        object: { ...one, spec: { ...spec, [field]: chosen.metadata.name } } as UnstructuredObject,
      };
    },
  };
}

export const defaultStorageClass = (classes: Classes): AdmissionStep =>
  defaulted(
    {
      name: 'DefaultStorageClass',
      group: '',
      resource: 'persistentvolumeclaims',
      field: 'storageClassName',
      mark: 'storageclass.kubernetes.io/is-default-class',
      annotation: 'volume.beta.kubernetes.io/storage-class',
    },
    classes,
  );

export const defaultIngressClass = (classes: Classes): AdmissionStep =>
  defaulted(
    {
      name: 'DefaultIngressClass',
      group: 'networking.k8s.io',
      resource: 'ingresses',
      field: 'ingressClassName',
      mark: 'ingressclass.kubernetes.io/is-default-class',
      annotation: 'kubernetes.io/ingress.class',
    },
    classes,
  );
