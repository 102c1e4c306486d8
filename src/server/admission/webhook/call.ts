/** A webhook over HTTPS: where it is, how long it may take, and what is said when it cannot be reached. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { reviewIn, type WebhookAnswer } from './answer.ts';
import type { ClientConfig, ServiceReference, Webhook } from './configuration.ts';
import { type ReviewAnswer, readReview, reviewOf, reviewVersion } from './review.ts';

/** Where a webhook is called. */
export interface WebhookAddress {
  /** Absolute, with the query. */
  readonly url: string;
  /** `host:port` to connect to instead of the URL's (a Service's endpoint). */
  readonly dial?: string;
  /** PEM, base64; the machine's roots when absent. */
  readonly caBundle?: string;
}

/**
 * How an AdmissionReview reaches a webhook. Rejects with an error whose message says what happened on the wire.
 * `signal` aborts when the time is up.
 */
export type CallWebhook = (address: WebhookAddress, review: JsonObject, signal: AbortSignal) => Promise<WebhookAnswer>;

/** `host:port` behind a Service; throws where it has none. */
export type ResolveService = (service: ServiceReference) => string;

export interface WebhookTransport {
  readonly call: CallWebhook;
  readonly resolveService: ResolveService;
  readonly clock: Clock;
  /** Of each review its own. */
  readonly uid: () => string;
}

/** As kube-apiserver's default for webhooks without timeoutSeconds. */
const defaultTimeoutSeconds = 10;

/** Rejects when the webhook cannot be reached in time or does not answer in its own words. */
export async function callWebhook(
  transport: WebhookTransport,
  webhook: Webhook,
  mutating: boolean,
  request: AdmissionRequest,
  matched: AdmissionRequest,
): Promise<ReviewAnswer> {
  const version = reviewVersion(webhook.admissionReviewVersions);
  const id = transport.uid();
  const review = reviewOf(version, id, request, matched);
  const seconds = webhook.timeoutSeconds ?? defaultTimeoutSeconds;
  const answer = await post(transport, webhook.clientConfig, seconds, review)
    .then((told) => reviewIn(version, told))
    .catch((error: Error) => {
      throw new Error(`failed to call webhook: ${error.message}`);
    });
  return readReview(version, id, mutating, answer);
}

/** A review sent to whom a client configuration names, and what came back. Rejects with Go's words. */
export async function post(
  { call, resolveService, clock }: WebhookTransport,
  clientConfig: ClientConfig,
  seconds: number,
  review: JsonObject,
): Promise<WebhookAnswer> {
  const { service, caBundle } = clientConfig;
  const url = urlOf(clientConfig, seconds);
  const unanswered = (why: string) => new Error(`Post ${JSON.stringify(url)}: ${why}`);
  return inTime(clock, seconds * 1_000, async (signal) => {
    try {
      const dial = service ? resolveService(service) : undefined;
      return await call({ url, ...(dial ? { dial } : {}), ...(caBundle ? { caBundle } : {}) }, review, signal);
    } catch (error) {
      throw unanswered(error instanceof Error ? error.message : String(error));
    }
  }).catch((error: unknown) => {
    throw error === late ? unanswered('context deadline exceeded') : error;
  });
}

const late = new Error('context deadline exceeded');

/** Rejects with `late` when the time is up, whatever becomes of the work. */
async function inTime<T>(clock: Clock, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let tooLate: () => void = () => {};
  const limit = new Promise<never>((_, reject) => {
    tooLate = () => reject(late);
  });
  const timer = clock.after(ms, () => {
    tooLate();
    abort.abort(late);
  });
  try {
    return await Promise.race([work(abort.signal), limit]);
  } finally {
    timer.cancel();
  }
}

/** As kube-apiserver writes it in errors, and calls it. */
function urlOf({ url, service }: ClientConfig, seconds: number): string {
  const { name, namespace, port = 443, path = '/' } = service ?? { name: '', namespace: '' };
  const base = url ?? `https://${name}.${namespace}.svc:${port}${path}`;
  // Go's client writes the root path out.
  const rooted = /^https?:\/\/[^/?]+$/.test(base) ? `${base}/` : base;
  return `${rooted}?timeout=${seconds}s`;
}
