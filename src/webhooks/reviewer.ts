/** The shape of a webhook here: a pure function of the request, and how field errors become its refusal. */
import { customKinds } from '#apis/kinds.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { AdmissionResponse, AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { validateSchema } from '#kube/schema/validate.ts';
import type { StatusCause } from '#kube/status/status.ts';

/** The control plane's API, for reviews that cannot be made without; rejects or throws where it cannot be reached. */
export type ControlPlane = () => ApiClient | Promise<ApiClient>;

export const allowed: AdmissionResponse = { allowed: true };

/** Allowed, with the object where it was changed. */
export const mutated = (before: KubeObject, after: KubeObject): AdmissionResponse =>
  before === after ? allowed : { allowed: true, object: after };

export const denied = (message: string): AdmissionResponse => ({
  allowed: false,
  code: 403,
  reason: 'Forbidden',
  message,
});

/** As field.ErrorList's aggregate reads; allowed when there is none. */
export function judged(causes: readonly StatusCause[]): AdmissionResponse {
  if (causes.length === 0) return allowed;
  const texts = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  return denied(texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`);
}

/**
 * A review is handed objects before they are validated. One that it cannot read because the object is not of its kind's
 * shape lets it pass: the API server's own validation says better what is wrong. Ours all answer at once.
 */
export const shapeless =
  (review: AdmissionReviewer): AdmissionReviewer =>
  (request) => {
    const unread = (error: unknown): AdmissionResponse => {
      const { group, kind } = request.kind;
      const known = customKinds.find((each) => each.group === group && each.kind === kind);
      if (known && validateSchema(known.schema, request.object).length > 0) return allowed;
      throw error;
    };
    try {
      const answer = review(request);
      return answer instanceof Promise ? answer.catch(unread) : answer;
    } catch (error) {
      return unread(error);
    }
  };
