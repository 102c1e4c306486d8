/** The shape of a webhook here: a pure function of the request, and how field errors become its refusal. */
import { customKinds } from '#apis/kinds.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { AdmissionRequest, AdmissionResponse, AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { pathText } from '#kube/schema/path.ts';
import { validateSchema } from '#kube/schema/validate.ts';
import { visitor } from '#kube/schema/visit.ts';
import { invalidValue } from '#kube/status/causes.ts';
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

const kindOfRequest = ({ kind: { group, kind } }: AdmissionRequest) =>
  customKinds.find((each) => each.group === group && each.kind === kind);

/**
 * A review is handed objects before they are validated. One that is not of its kind's shape it lets pass as it came,
 * whether it fails to read it or made something of it: the API server's own validation says better what is wrong.
 * Ours all answer at once.
 */
export const shapeless =
  (review: AdmissionReviewer): AdmissionReviewer =>
  (request) => {
    const isShapeless = () => {
      const known = kindOfRequest(request);
      return known !== undefined && validateSchema(known.schema, request.object).length > 0;
    };
    const read = (answer: AdmissionResponse): AdmissionResponse =>
      answer.allowed && answer.object !== undefined && isShapeless() ? allowed : answer;
    const unread = (error: unknown): AdmissionResponse => {
      if (isShapeless()) return allowed;
      throw error;
    };
    try {
      const answer = review(request);
      return answer instanceof Promise ? answer.then(read).catch(unread) : read(answer);
    } catch (error) {
      return unread(error);
    }
  };

const int32Limit = 2 ** 31;

/** The rule of every whole number: clients in Go keep it in 32 or 64 bits, and here it is exact up to 2^53. */
const numbersBeyond = visitor(({ type, format }) => {
  if (type !== 'integer') return undefined;
  const [least, most] =
    format === 'int32' ? [-int32Limit, int32Limit - 1] : [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return (value, trail, causes) => {
    if (typeof value !== 'number' || (value >= least && value <= most)) return;
    causes.push(invalidValue(pathText(trail), value, `must be between ${least} and ${most}, inclusive`));
  };
});

/**
 * Refuses numbers that do not fit their fields before `review` is asked. A definition's `format` binds nobody, and one
 * such object keeps typed clients from reading any of its kind. What is being deleted must be able to end.
 */
export const withinNumbers =
  (review: AdmissionReviewer): AdmissionReviewer =>
  (request) => {
    const schema = kindOfRequest(request)?.schema;
    const causes: StatusCause[] = [];
    if (schema && !request.object?.metadata.deletionTimestamp) numbersBeyond(schema)?.(request.object, [], causes);
    return causes.length > 0 ? judged(causes) : review(request);
  };
