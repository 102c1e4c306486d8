/** AdmissionReviews: what a webhook is sent, in the version it speaks, and what its answer says. */
import { Buffer } from 'node:buffer';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Status } from '#kube/status/status.ts';
import { requestFacts } from '../request-facts.ts';

const reviewKind = 'AdmissionReview';
const reviewGroup = 'admission.k8s.io';
const versions: readonly string[] = ['v1', 'v1beta1'];

/** The first version the webhook names that is known here. Throws where there is none. */
export function reviewVersion(spoken: readonly string[] = []): string {
  const version = spoken.find((candidate) => versions.includes(candidate));
  if (version) return `${reviewGroup}/${version}`;
  throw new Error(
    'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
  );
}

/** `matched`: the same request in the version that the webhook's rules speak of. */
export function reviewOf(
  apiVersion: string,
  uid: string,
  request: AdmissionRequest,
  matched: AdmissionRequest,
): JsonObject {
  return {
    kind: reviewKind,
    apiVersion,
    request: {
      uid,
      ...requestFacts(request, matched),
      object: (matched.object ?? null) as JsonValue,
      oldObject: (matched.oldObject ?? null) as JsonValue,
    },
  };
}

/** The answer of a webhook that speaks as it should. */
export interface ReviewAnswer {
  readonly allowed: boolean;
  readonly status?: Partial<Status>;
  /** JSON text. */
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

interface ReviewResponse {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: Partial<Status>;
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

const invalid = (why: string) => new Error(`received invalid webhook response: ${why}`);

/** Throws when the answer is not an AdmissionReview to this request (apiserver's VerifyAdmissionResponse). */
export function readReview(asked: string, uid: string, mutating: boolean, review: JsonObject): ReviewAnswer {
  const {
    apiVersion = '',
    kind = '',
    response,
  } = review as {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly response?: ReviewResponse;
  };
  if (!response) throw invalid('webhook response was absent');
  const isV1 = asked === `${reviewGroup}/v1`;
  if (isV1) {
    if (response.uid !== uid) {
      throw invalid(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
    }
    if (apiVersion !== asked || kind !== reviewKind) {
      throw invalid(`expected webhook response of ${asked}, Kind=${reviewKind}, got ${apiVersion}, Kind=${kind}`);
    }
    checkPatch(mutating, response);
  }
  const patch = mutating && response.patch ? Buffer.from(response.patch, 'base64').toString('utf8') : undefined;
  return {
    allowed: response.allowed === true,
    ...(response.status ? { status: response.status } : {}),
    // Webhooks of v1beta1 need not name the type of their patch.
    ...(patch ? { patch, patchType: isV1 ? response.patchType! : 'JSONPatch' } : {}),
    warnings: response.warnings ?? [],
    auditAnnotations: response.auditAnnotations ?? {},
  };
}

/** Patch and patchType come together, and from mutating webhooks alone. */
function checkPatch(mutating: boolean, { patch, patchType }: ReviewResponse): void {
  const hasType = patchType !== undefined && patchType !== null;
  if (!mutating) {
    if (patch) throw invalid('validating webhook may not return response.patch');
    if (hasType) throw invalid('validating webhook may not return response.patchType');
    return;
  }
  if (patch && !hasType) throw invalid('webhook returned response.patch but not response.patchType');
  if (!patch && hasType) throw invalid('webhook returned response.patchType but not response.patch');
  if (patchType === '') throw invalid('webhook returned invalid response.patchType of ""');
}
