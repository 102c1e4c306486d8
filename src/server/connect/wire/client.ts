/** The client's side of a connecting request, as everything in this folder is handed it. */
import type { Clock } from '#world/clock/clock.ts';
import type { IncomingMessage, ServerResponse, Upgrade } from '#world/network/listen.ts';

export interface ClientSide {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Headers of every answer. */
  readonly headers: (contentType: string) => Record<string, string>;
  /** The connection, for another protocol; undefined when the client asked for none. */
  readonly takeOver: () => Upgrade | undefined;
}

/** As kubelets cut connections over which nothing is said for this long (--streaming-connection-idle-timeout). */
export const idleTimeoutMs = 4 * 60 * 60 * 1_000;

/** How long a client may take to open the streams it has asked for. */
export const streamCreationTimeoutMs = 30_000;

/** The header's values, however many lines they are on. */
export const listHeader = (request: IncomingMessage, name: string): readonly string[] =>
  (request.headersDistinct[name] ?? [])
    .flatMap((line) => line.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');

export const isWebSocket = (request: IncomingMessage): boolean =>
  request.headers.upgrade?.toLowerCase() === 'websocket';

export const isSpdy = (request: IncomingMessage): boolean => request.headers.upgrade?.toLowerCase() === 'spdy/3.1';

/** A sentence instead of an upgrade, as a kubelet's answer comes through. */
export function sendText({ response, headers }: ClientSide, code: number, text: string): void {
  response.writeHead(code, { ...headers('text/plain; charset=utf-8'), 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
