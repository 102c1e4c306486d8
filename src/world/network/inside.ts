/** Connections that never leave the process: two ends of a pipe, HTTP spoken over any stream. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type Duplex, duplexPair } from 'node:stream';
import { connect as connectTls } from 'node:tls';

export type { Duplex };

/** What is written at one end is read at the other. */
export const connectedPair = (): readonly [Duplex, Duplex] => duplexPair();

/** TLS over a connection, whoever is at its other end: Pods have certificates that nobody vouches for. */
export const secured = (connection: Duplex): Duplex => connectTls({ socket: connection, rejectUnauthorized: false });

/** How long the other end may take to end its side too. */
const endGraceMs = 2_000;

/** Says the end, and cuts what does not end of its own accord. */
export function endConnection(connection: Duplex): void {
  connection.end();
  // What still comes is dropped: an end behind unread bytes would never be seen.
  connection.resume();
  const cut = setTimeout(() => connection.destroy(), endGraceMs);
  cut.unref();
  connection.once('close', () => clearTimeout(cut));
}

/** The same by TLS, once the certificate is there. */
export function innerTlsServer(
  identity: Promise<{ readonly cert: string; readonly key: string }>,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): InnerServer {
  return {
    accept: (connection) => {
      connection.on('error', () => connection.destroy());
      identity.then(
        ({ cert, key }) => {
          const server = createTlsServer({ cert, key }, onRequest);
          server.on('tlsClientError', () => connection.destroy());
          server.emit('connection', connection);
        },
        () => connection.destroy(),
      );
    },
  };
}

export interface InnerServer {
  /** Speaks HTTP/1.1 to whoever holds the other end. */
  readonly accept: (connection: Duplex) => void;
}

/** An HTTP server without a port. */
export function innerServer(onRequest: (request: IncomingMessage, response: ServerResponse) => void): InnerServer {
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 60_000, headersTimeout: 10_000 }, onRequest);
  return {
    accept: (connection) => {
      connection.on('error', () => connection.destroy());
      server.emit('connection', connection);
    },
  };
}

export interface InnerRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Name, value, name, value: as they are written. */
  readonly headers: readonly string[];
  /** Of the body, which is piped; absent for none. */
  readonly body?: NodeJS.ReadableStream;
  /** The body as a whole, instead. */
  readonly content?: Uint8Array;
}

export interface InnerAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Names as they were written, in order: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly body: IncomingMessage;
  /** The connection itself, once the other end has agreed to switch protocols; with what it has said already. */
  readonly upgraded?: { readonly connection: Duplex; readonly head: Buffer };
}

/** One request over a connection, which ends with the answer's body. Rejects when the other end breaks off. */
export function requestOver(
  connection: Duplex,
  { method, path, headers, body, content }: InnerRequest,
): Promise<InnerAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ createConnection: () => connection, method, path, headers: [...headers], setHost: false });
    const answerOf = (answer: IncomingMessage): InnerAnswer => ({
      status: answer.statusCode ?? 502,
      statusText: answer.statusMessage ?? '',
      rawHeaders: answer.rawHeaders,
      body: answer,
    });
    asked.on('response', (answer) => resolve(answerOf(answer)));
    asked.on('upgrade', (answer, socket, head) =>
      resolve({ ...answerOf(answer), upgraded: { connection: socket, head } }),
    );
    asked.on('error', reject);
    if (body) body.pipe(asked);
    else asked.end(content);
  });
}
