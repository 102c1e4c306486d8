/** Templates that must not be deleted by mistake: their label has to go first. */
import { deletionProtected, deletionProtectedAlways } from '#apis/names/labels.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import { allowed, denied } from '../reviewer.ts';

export const validateDeletion: AdmissionReviewer = ({ oldObject, operation }) => {
  if (operation !== 'DELETE') return allowed;
  return oldObject?.metadata.labels?.[deletionProtected] === deletionProtectedAlways
    ? denied(`This resource is protected, please make sure to remove the label: ${deletionProtected}`)
    : allowed;
};
