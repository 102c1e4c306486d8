/**
 * Requests passed on to another server as they come: bodies and answers stream, and whoever reads slowly slows the
 * other end down. Loaded with the first request that is passed on.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { type Duplex, pipeline } from 'node:stream';

/** How the other server proves who it is, and how we do. */
export interface ForwardTls {
  /** The name its certificate must be for. */
  readonly serverName: string;
  /** PEM; the machine's authorities when absent. */
  readonly ca?: string;
  readonly insecure: boolean;
  /** PEM. */
  readonly cert?: string;
  readonly key?: string;
}

export interface ForwardRequest {
  readonly host: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** What of the answer's headers goes back. */
  readonly returned: (headers: IncomingMessage['headers']) => Readonly<Record<string, string | readonly string[]>>;
  /** Takes over the client's connection, where it is to become another one. */
  readonly takeOver?: () => { readonly socket: Duplex; readonly head: Buffer } | undefined;
}

export interface Forwarder {
  /** Resolves when the answer is out, or broken; rejects while nothing of it has been sent. */
  readonly forward: (request: IncomingMessage, response: ServerResponse, to: ForwardRequest) => Promise<void>;
  /** Breaks what is under way. */
  readonly endAll: () => void;
  readonly close: () => void;
}

const limits = {
  /** Until there is a connection. */
  connectMs: 10_000,
  /** Idle ones that are kept for each server. */
  idle: 32,
} as const;

export function createForwarder({ serverName, ca, insecure, cert, key }: ForwardTls): Forwarder {
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: limits.idle,
    servername: serverName,
    rejectUnauthorized: !insecure,
    ...(ca ? { ca } : {}),
    ...(cert && key ? { cert, key } : {}),
  });

  const underWay = new Set<Duplex | ReturnType<typeof httpsRequest>>();
  const follow = (each: Duplex | ReturnType<typeof httpsRequest>): void => {
    underWay.add(each);
    each.once('close', () => underWay.delete(each));
  };

  const forward: Forwarder['forward'] = (request, response, to) =>
    new Promise((resolve, reject) => {
      const { host, port, path, headers } = to;
      const options: RequestOptions = {
        agent,
        host,
        port,
        path,
        method: request.method ?? 'GET',
        headers: { ...headers, host: `${host}:${port}` } as NonNullable<RequestOptions['headers']>,
      };
      const onward = httpsRequest(options);
      follow(onward);
      const fail = (error: Error) => {
        onward.destroy();
        if (response.headersSent) {
          // Half an answer is out: the broken connection says that it is not whole.
          response.destroy();
          resolve();
        } else reject(error);
      };
      onward.once('error', fail);
      limitConnecting(onward, fail);
      // A client that goes away needs no answer.
      response.once('close', () => {
        if (!response.writableFinished) onward.destroy();
        resolve();
      });
      onward.once('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, to.returned(answer.headers) as Record<string, string>);
        response.flushHeaders();
        pipeline(answer, response, () => resolve());
      });
      onward.once('upgrade', (answer, socket, head) => {
        follow(socket);
        join(answer, socket, head, to);
        resolve();
      });
      pipeline(request, onward, () => {});
    });
  return {
    forward,
    endAll: () => {
      for (const each of underWay) each.destroy();
    },
    close: () => agent.destroy(),
  };
}

function limitConnecting(onward: ReturnType<typeof httpsRequest>, fail: (error: Error) => void): void {
  onward.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => fail(new Error('no connection in time')), limits.connectMs);
    const stop = () => clearTimeout(timer);
    socket.once('secureConnect', stop);
    socket.once('close', stop);
  });
}

/** From here on both connections are one. */
function join(answer: IncomingMessage, onward: Duplex, head: Buffer, { takeOver }: ForwardRequest): void {
  const taken = takeOver?.();
  if (!taken) {
    onward.destroy();
    return;
  }
  const { socket } = taken;
  const lines = [`HTTP/1.1 ${answer.statusCode ?? 101} ${answer.statusMessage ?? ''}`];
  for (let index = 0; index < answer.rawHeaders.length; index += 2)
    lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.byteLength > 0) socket.write(head);
  if (taken.head.byteLength > 0) onward.write(taken.head);
  for (const [from, to] of [
    [onward, socket],
    [socket, onward],
  ] as const) {
    from.pipe(to);
    from.once('error', () => to.destroy());
    from.once('close', () => to.destroy());
  }
}
