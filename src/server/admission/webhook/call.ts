/** A webhook over HTTPS: AdmissionReview out, AdmissionReview in, the patch applied. */
import { Buffer } from 'node:buffer';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import { applyJsonPatch } from '#kube/patch/json.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Webhook } from './configuration.ts';

/**
 * How an AdmissionReview reaches a webhook; answers the review that came back. Rejects with an error whose message
 * says what happened on the wire. `signal` aborts when the time is up.
 */
export type CallWebhook = (webhook: Webhook, review: JsonObject, signal: AbortSignal) => Promise<JsonValue>;

/** As kube-apiserver's default for webhooks without timeoutSeconds. */
const defaultTimeoutSeconds = 10;

const reviewVersion = 'admission.k8s.io/v1';

/** Rejects when the webhook cannot be reached in time or does not answer in its own words. */
export async function callWebhook(
  call: CallWebhook,
  webhook: Webhook,
  request: AdmissionRequest,
  clock: Clock,
): Promise<AdmissionResponse> {
  const seconds = webhook.timeoutSeconds ?? defaultTimeoutSeconds;
  const abort = new AbortController();
  let timedOut: (error: Error) => void = () => {};
  const late = new Promise<never>((_, reject) => (timedOut = reject));
  const timer = clock.after(seconds * 1_000, () => {
    abort.abort();
    timedOut(
      new Error(
        `failed to call webhook: Post ${JSON.stringify(addressOf(webhook, seconds))}: context deadline exceeded`,
      ),
    );
  });
  try {
    const answered = await Promise.race([call(webhook, reviewOf(request), abort.signal), late]);
    return read(answered, request);
  } finally {
    timer.cancel();
  }
}

/** The address as kube-apiserver writes it in errors. */
function addressOf({ clientConfig }: Webhook, seconds = defaultTimeoutSeconds): string {
  const { url, service } = clientConfig;
  const base =
    url ?? `https://${service?.name}.${service?.namespace}.svc:${service?.port ?? 443}${service?.path ?? ''}`;
  return `${base}${base.includes('?') ? '&' : '?'}timeout=${seconds}s`;
}

const optionsKinds: Readonly<Record<string, string>> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
};

function reviewOf(request: AdmissionRequest): JsonObject {
  const { uid, kind, path, operation, user, object, oldObject, dryRun } = request;
  const { group, version, resource, subresource, name, namespace } = path;
  const requestResource = { group, version, resource };
  const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    apiVersion: reviewVersion,
    kind: 'AdmissionReview',
    request: {
      uid,
      kind: gvk,
      resource: requestResource,
      ...(subresource ? { subResource: subresource, requestSubResource: subresource } : {}),
      requestKind: gvk,
      requestResource,
      ...(name ? { name } : {}),
      ...(namespace ? { namespace } : {}),
      operation,
      userInfo: {
        username: user.name,
        ...(user.uid ? { uid: user.uid } : {}),
        groups: user.groups,
        ...(user.extra ? { extra: user.extra } : {}),
      },
      object: (object ?? null) as JsonValue,
      oldObject: (oldObject ?? null) as JsonValue,
      dryRun,
      options: { apiVersion: 'meta.k8s.io/v1', kind: optionsKinds[operation] ?? 'CreateOptions' },
    },
  };
}

interface ReviewResponse {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: { readonly code?: number; readonly reason?: string; readonly message?: string };
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings?: readonly string[];
}

/** Throws when the answer is not an AdmissionReview to this request. */
function read(answered: JsonValue, request: AdmissionRequest): AdmissionResponse {
  const review = (answered ?? {}) as {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly response?: ReviewResponse;
  };
  if (review.apiVersion !== reviewVersion || review.kind !== 'AdmissionReview') {
    const got = `${review.apiVersion ?? ''}, Kind=${review.kind ?? ''}`;
    throw new Error(`expected webhook response of ${reviewVersion}, Kind=AdmissionReview, got ${got}`);
  }
  const { response } = review;
  if (!response) throw new Error('webhook response was absent');
  if (response.uid !== request.uid) {
    throw new Error(`expected response.uid=${JSON.stringify(request.uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  }
  if (response.allowed !== true) {
    const { code = 400, reason, message = '' } = response.status ?? {};
    return { allowed: false, code, message, ...(reason ? { reason } : {}) };
  }
  const object = response.patch ? patchedObject(request, response) : undefined;
  return {
    allowed: true,
    ...(object ? { object } : {}),
    ...(response.warnings ? { warnings: response.warnings } : {}),
  };
}

function patchedObject({ object }: AdmissionRequest, { patch = '', patchType }: ReviewResponse): KubeObject {
  if (patchType !== undefined && patchType !== 'JSONPatch')
    throw new Error(`unsupported patch type ${JSON.stringify(patchType)}`);
  const operations = JSON.parse(Buffer.from(patch, 'base64').toString('utf8')) as JsonValue;
  return applyJsonPatch(object as unknown as JsonValue, operations) as unknown as KubeObject;
}
