/** A binding made by somebody else than the detector gets its id here; Works find it by that. */
import { bindingId, clusterBindingId } from '#apis/names/labels.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import { allowed, mutated } from '../reviewer.ts';

export function mutateBinding(newId: () => string): AdmissionReviewer {
  return ({ object }) => {
    if (!object) return allowed;
    const label = object.kind === 'ResourceBinding' ? bindingId : clusterBindingId;
    const { metadata } = object;
    if (metadata.labels?.[label]) return allowed;
    return mutated(object, { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [label]: newId() } } });
  };
}
