/** The status subresource: what controllers say about an object, apart from what users ask of it. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { withField, withMetadata } from '../registry/metadata.ts';
import type { Door } from '../registry/write/door.ts';

const statusOf = (object: KubeObject): unknown => (object as UnstructuredObject).status;

export const statusDoor: Door = {
  subresource: 'status',
  merge: (served, sent, old) => {
    const { metadata } = sent;
    const before = old.metadata;
    // Of a custom resource nothing but the status changes here; of built-in kinds the annotations may, too.
    const kept = served.custom
      ? old
      : withMetadata(old, {
          annotations: metadata.annotations,
          finalizers: metadata.finalizers,
          labels: labelsOf(served.definition.group, sent, old),
        });
    const whole = withField(kept, 'status', statusOf(sent));
    return metadata.managedFields === before.managedFields
      ? whole
      : withMetadata(whole, { managedFields: metadata.managedFields });
  },
  countsGeneration: false,
  validatesTransitions: false,
};

/** The workloads of `apps` keep their labels, as their status strategies do. */
function labelsOf(group: string, sent: KubeObject, old: KubeObject) {
  return group === 'apps' ? old.metadata.labels : sent.metadata.labels;
}
