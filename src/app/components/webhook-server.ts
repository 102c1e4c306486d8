/** karmada-webhook: the table of webhooks behind HTTPS. */
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import { readBody } from '#server/http/body.ts';
import { type WebhookDoors, webhooks } from '#webhooks/webhooks.ts';
import {
  type IncomingMessage,
  type Listener,
  listen,
  type ServerResponse,
  type ServerTls,
} from '#world/network/listen.ts';
import type { World } from '#world/world.ts';
import { readReview, writeReview } from './admission-review.ts';

export interface WebhookServerOptions extends Pick<WebhookDoors, 'gates' | 'allowsNoExecute' | 'client'> {
  readonly host: string;
  readonly port: number;
  readonly tls: ServerTls;
  readonly world: World;
  readonly log: Log;
}

const send = (response: ServerResponse, code: number, text: string, type = 'text/plain; charset=utf-8') => {
  response.writeHead(code, { 'content-type': type });
  response.end(text);
};

async function answer(review: AdmissionReviewer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body: JsonValue;
  try {
    body = JSON.parse((await readBody(request)).toString('utf8')) as JsonValue;
  } catch (error) {
    send(response, 400, `the body is no AdmissionReview: ${(error as Error).message}\n`);
    return;
  }
  const asked = readReview(body);
  if (!asked) {
    send(response, 400, 'the body is no admission.k8s.io/v1 AdmissionReview with a request\n');
    return;
  }
  send(response, 200, JSON.stringify(writeReview(asked, await review(asked))), 'application/json');
}

export function serveWebhooks({ host, port, tls, world, log, ...doors }: WebhookServerOptions): Promise<Listener> {
  const table = new Map(webhooks({ ...doors, ...world }).map((webhook) => [webhook.path, webhook.review]));
  return listen({
    host,
    port,
    tls,
    onRequest: (request, response) => {
      const path = (request.url ?? '').split('?')[0]!;
      const review = table.get(path);
      if (!review) {
        send(
          response,
          path === '/readyz' || path === '/healthz' ? 200 : 404,
          path === '/readyz' || path === '/healthz' ? 'ok' : '404 page not found\n',
        );
        return;
      }
      answer(review, request, response).catch((error: unknown) => {
        log.error('Review failed', error, { path });
        if (!response.headersSent) send(response, 500, 'the review failed\n');
      });
    },
  });
}
