/** The server's end of a WebSocket: whole messages in order, one at a time. The only importer of ws. */
import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from './listen.ts';

export interface WebSocketConnection {
  /** The next message waits until the promise it answers has resolved. */
  readonly onMessage: (take: (message: Buffer) => Promise<unknown> | undefined) => void;
  /** Resolves once the bytes have left for the network; false when nobody is there any more. */
  readonly send: (message: Uint8Array | string) => Promise<boolean>;
  readonly close: (code?: number) => void;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
}

/**
 * Of one message: clients send pieces of 32 KiB; a program that sends a file of its own accord at once may send as
 * much as a request body.
 */
const mostMessageBytes = 3 * 1024 * 1024;
/** After this long without an answer to a close the connection is cut. */
const closeTimeoutMs = 2_000;

/** `protocol`: the chosen one of those the client offered; undefined when it offered none. */
export function acceptWebSocket(
  request: IncomingMessage,
  { socket, head }: Upgrade,
  protocol: string | undefined,
  idleTimeoutMs: number,
): Promise<WebSocketConnection> {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: mostMessageBytes,
    handleProtocols: () => protocol ?? false,
  });
  return new Promise((resolve) => {
    socket.once('close', () => server.close());
    server.handleUpgrade(request, socket, head, (webSocket) => resolve(connectionOf(webSocket, socket, idleTimeoutMs)));
  });
}

function connectionOf(webSocket: WebSocket, socket: Duplex, idleTimeoutMs: number): WebSocketConnection {
  const idle = setTimeout(() => socket.destroy(), idleTimeoutMs).unref();
  webSocket.once('close', () => clearTimeout(idle));
  let take: (message: Buffer) => Promise<unknown> | undefined = () => undefined;
  const waiting: Buffer[] = [];
  let busy = false;
  const closed = new Promise<void>((resolve) => webSocket.once('close', () => resolve()));
  webSocket.on('error', () => {});
  const work = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const taken = take(waiting.shift()!);
      if (!taken) continue;
      webSocket.pause();
      await taken;
    }
    busy = false;
    if (webSocket.isPaused) webSocket.resume();
  };
  webSocket.on('message', (data) => {
    idle.refresh();
    waiting.push(data as Buffer);
    void work();
  });
  return {
    onMessage: (taker) => {
      take = taker;
    },
    send: (message) =>
      new Promise((resolve) => {
        if (webSocket.readyState !== webSocket.OPEN) return resolve(false);
        idle.refresh();
        webSocket.send(message, { binary: typeof message !== 'string' }, (error) => resolve(!error));
      }),
    close: (code = 1000) => {
      webSocket.resume();
      webSocket.close(code);
      const cut = setTimeout(() => socket.destroy(), closeTimeoutMs);
      cut.unref();
      void closed.then(() => clearTimeout(cut));
    },
    closed,
  };
}

/** The bytes of all messages as one stream, as protocols tunnelled through a WebSocket want it. */
export function byteStreamOf(connection: WebSocketConnection): Duplex {
  let resume: (() => void) | undefined;
  const stream = new Duplex({
    read: () => {
      resume?.();
      resume = undefined;
    },
    write: (chunk: Buffer, _encoding, done) => void connection.send(chunk).then(() => done()),
    final: (done) => {
      connection.close();
      done();
    },
    destroy: (error, done) => {
      resume?.();
      connection.close();
      done(error);
    },
  });
  connection.onMessage((message) => {
    if (stream.destroyed || stream.push(message)) return undefined;
    return new Promise<void>((resolve) => {
      resume = resolve;
    });
  });
  void connection.closed.then(() => {
    resume?.();
    stream.push(null);
  });
  return stream;
}
