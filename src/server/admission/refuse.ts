/** How built-in admission refuses: 403 in the words of apiserver's admission.NewForbidden. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { forbidden } from '#kube/status/errors.ts';
import { type StatusCause, StatusError } from '#kube/status/status.ts';

/** An object without a name yet goes by its generateName. */
export function admissionName({ path, object }: AdmissionRequest): string {
  return path.name ?? object?.metadata.name ?? object?.metadata.generateName ?? 'Unknown';
}

export function refuse(request: AdmissionRequest, why: string, causes?: readonly StatusCause[]): StatusError {
  const error = forbidden(request.path, admissionName(request), why);
  if (!causes) return error;
  return new StatusError({ ...error.status, details: { ...error.status.details, causes } });
}
