/** A webhook over HTTPS for tests: what it is asked is kept, what it answers is said by the test. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { createCertificateAuthority } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';
import { listen } from '#world/network/listen.ts';

export interface WebhookReply {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  /** Never answers, and keeps the connection. */
  readonly silent?: boolean;
  /** Breaks the connection. */
  readonly broken?: boolean;
}

/** From the review's request to the answer. */
export type Behaviour = (request: JsonObject, review: JsonObject) => WebhookReply;

export interface WebhookServer {
  readonly url: (path: string) => string;
  /** PEM, base64. */
  readonly caBundle: string;
  /** Until told otherwise. */
  readonly behave: (path: string, behaviour: Behaviour) => void;
  /** Reviews since the last call, with the path each came to. */
  readonly heard: () => readonly { readonly path: string; readonly review: JsonObject }[];
  readonly stop: () => Promise<void>;
}

export async function startWebhookServer(): Promise<WebhookServer> {
  const authority = await createCertificateAuthority('webhooks', systemClock);
  const tls = await authority.issueServer({ commonName: 'webhooks', hosts: ['127.0.0.1'] });
  const behaviours = new Map<string, Behaviour>();
  let heard: { readonly path: string; readonly review: JsonObject }[] = [];
  const listener = await listen({
    tls,
    onRequest: (request, response) => {
      const path = (request.url ?? '').split('?', 1)[0]!;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
        heard.push({ path, review });
        const reply = behaviours.get(path)?.(review.request as JsonObject, review) ?? {
          status: 404,
          body: 'no such hook',
        };
        if (reply.silent) return;
        if (reply.broken) {
          request.socket.destroy();
          return;
        }
        response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'application/json' });
        response.end(reply.body ?? '');
      });
    },
  });
  return {
    url: (path) => `${listener.url}${path}`,
    caBundle: Buffer.from(authority.cert).toString('base64'),
    behave: (path, behaviour) => behaviours.set(path, behaviour),
    heard: () => {
      const since = heard;
      heard = [];
      return since;
    },
    stop: () => listener.close(0),
  };
}

/** A review's answer. */
export const answering =
  (respond: (request: JsonObject) => JsonObject, apiVersion = 'admission.k8s.io/v1'): Behaviour =>
  (request) => ({
    body: JSON.stringify({
      apiVersion,
      kind: 'AdmissionReview',
      response: { uid: request.uid, ...respond(request) } as JsonValue,
    }),
  });

export const patching = (operations: JsonValue): Behaviour =>
  answering(() => ({
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
  }));
