/** The status subresource: what controllers say about an object, apart from what users ask of it. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { ServedKind } from '../registry/kinds/served.ts';
import { withField, withMetadata } from '../registry/metadata.ts';
import type { Door } from '../registry/write/door.ts';

const statusOf = (object: KubeObject): unknown => (object as UnstructuredObject).status;

/** Kinds of which nothing but the status changes here, as of custom resources. */
const ofStatusAlone: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io/validatingadmissionpolicies',
  'flowcontrol.apiserver.k8s.io/flowschemas',
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
  'networking.k8s.io/servicecidrs',
  'resource.k8s.io/resourceclaims',
  'storage.k8s.io/volumeattachments',
]);

export const statusDoor: Door = {
  subresource: 'status',
  merge: (served, sent, old) => {
    const { metadata } = sent;
    const before = old.metadata;
    const kept = served.custom || ofStatusAlone.has(served.storageResource) ? old : withOwnMetadata(served, sent, old);
    const whole = withField(kept, 'status', statusOf(sent));
    return metadata.managedFields === before.managedFields
      ? whole
      : withMetadata(whole, { managedFields: metadata.managedFields });
  },
  countsGeneration: false,
  validatesTransitions: false,
};

/** Of built-in kinds most of the metadata may change, too; Deployments keep their labels. */
const withOwnMetadata = ({ storageResource }: ServedKind, { metadata }: KubeObject, old: KubeObject): KubeObject =>
  withMetadata(old, {
    annotations: metadata.annotations,
    finalizers: metadata.finalizers,
    labels: storageResource === 'apps/deployments' ? old.metadata.labels : metadata.labels,
  });
