/**
 * The door in: HTTP/1.1 servers over TLS (or plain, for health and metrics on loopback). Many may live in one
 * process, one per cluster. Client certificates are asked for and checked against a CA, never demanded.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import type { TLSSocket } from 'node:tls';

export type { IncomingMessage, ServerResponse, Writable };

/** The server's identity and whose client certificates it believes; all PEM. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
}

export interface ListenOptions {
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** 0 (the default): any free one. */
  readonly port?: number;
  /** Absent: plain HTTP. */
  readonly tls?: ServerTls;
  /** In place of the usual ones. */
  readonly limits?: Partial<ListenLimits>;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** Whether a connection may become another one at this path; such requests are then without a body. */
  readonly mayUpgrade?: (request: IncomingMessage) => boolean;
}

/** A connection that its client wants to go on in another protocol. */
export interface Upgrade {
  readonly socket: Duplex;
  /** What came behind the request. */
  readonly head: Buffer;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly connections: () => Promise<number>;
  /** New connections get the new certificate and CA. */
  readonly replaceTls: (tls: ServerTls) => void;
  /** Accepts nothing more, lets answers under way finish for `graceMs` (default 0), then cuts what is left. */
  readonly close: (graceMs?: number) => Promise<void>;
}

export interface ListenLimits {
  /** Request line and headers; label selectors travel in the line. */
  readonly headerBytes: number;
  /** Until the headers have come, and until the whole request has: a slow sender holds a connection no longer. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How often those two are looked after. */
  readonly timeoutsCheckMs: number;
  /** Of a connection without a request. */
  readonly keepAliveMs: number;
  /** A client that has vanished without a word is asked for after so long without traffic; nine times, by the system. */
  readonly silentMs: number;
  /** Beyond it connections are closed as they come. */
  readonly connections: number;
  readonly handshakeTimeoutMs: number;
}

const listenLimits: ListenLimits = {
  headerBytes: 256 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  timeoutsCheckMs: 5_000,
  /** Above the 55 s after which our own client drops an idle connection. */
  keepAliveMs: 65_000,
  silentMs: 30_000,
  /** At about 60 kB each (TLS buffers) 240 MB. */
  connections: 4_000,
  handshakeTimeoutMs: 10_000,
};

const idleCheckMs = 10;

export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly reason: 'port-in-use' | 'refused';

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    const busy = cause.code === 'EADDRINUSE';
    super(busy ? `port ${port} on ${host} is in use` : `cannot listen on ${host}:${port}: ${cause.message}`, { cause });
    this.reason = busy ? 'port-in-use' : 'refused';
  }
}

const serverOptions = (limits: ListenLimits) => ({
  maxHeaderSize: limits.headerBytes,
  headersTimeout: limits.headersTimeoutMs,
  requestTimeout: limits.requestTimeoutMs,
  connectionsCheckingInterval: limits.timeoutsCheckMs,
  keepAliveTimeout: limits.keepAliveMs,
  keepAlive: true,
  keepAliveInitialDelay: limits.silentMs,
  // Told below, in the words of Go's server.
  requireHostHeader: false,
});

const upgrades = new WeakMap<ServerResponse, Upgrade & { readonly release: () => void }>();

/** The connection under an answer that has not begun, for a request to upgrade it; nothing may be answered any more. */
export function takeOver(response: ServerResponse): Upgrade | undefined {
  const upgrade = upgrades.get(response);
  if (!upgrade || response.headersSent) return undefined;
  upgrades.delete(response);
  upgrade.release();
  response.statusCode = 101;
  return upgrade;
}

/** Requests to upgrade are answered like others until somebody takes the connection over. */
function answerUpgrades(server: Server, { onRequest }: ListenOptions): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    socket.on('error', () => socket.destroy());
    const end = () => {
      response.detachSocket(socket as Socket);
      socket.end();
      // As node's own server does behind an answer.
      response.destroyed = true;
      response.emit('close');
    };
    response.once('finish', end);
    const release = () => {
      response.off('finish', end);
      response.detachSocket(socket as Socket);
    };
    upgrades.set(response, { socket, head, release });
    onRequest(request, response);
  });
}

const secureContext = ({ cert, key, clientCa }: ServerTls) => ({ cert, key, ...(clientCa ? { ca: clientCa } : {}) });

function createServer({ tls, onRequest, mayUpgrade }: ListenOptions, limits: ListenLimits): Server | HttpsServer {
  const options = { ...serverOptions(limits), shouldUpgradeCallback: mayUpgrade ?? (() => false) };
  if (!tls) return createHttpServer(options, onRequest);
  return createHttpsServer(
    {
      ...options,
      ...secureContext(tls),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      requestCert: tls.clientCa !== undefined,
      rejectUnauthorized: false,
      handshakeTimeout: limits.handshakeTimeoutMs,
    },
    onRequest,
  );
}

/** Status line and text of an answer to what is no request. */
type Refusal = readonly [status: string, text?: string];

const badRequest: Refusal = ['400 Bad Request'];
const unknownCoding: Refusal = ['501 Not Implemented', 'Unsupported transfer encoding'];

/** Requests that are no HTTP/1.1, or that want to be understood in two ways (request smuggling). */
function refusalOf({ httpVersion, httpVersionMajor, headers, rawHeaders }: IncomingMessage): Refusal | undefined {
  if (httpVersionMajor !== 1) {
    const text = '505 HTTP Version Not Supported: unsupported protocol version';
    return httpVersion === '0.9' ? badRequest : ['505 HTTP Version Not Supported', text];
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return unknownCoding;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts === 0 && httpVersion === '1.1') {
    return ['400 Bad Request', '400 Bad Request: missing required Host header'];
  }
  return hosts > 1 ? badRequest : undefined;
}

/** As Go's server tells a connection whose bytes are no request; then it is closed. */
const refusalText = ([status, text = status]: Refusal): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n` +
  `Content-Length: ${text.length}\r\n\r\n${text}`;

const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large'],
};

function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Without a reader on the other side `end` waits for ever.
  socket.end(refusalText(refusals[error.code ?? ''] ?? badRequest), () => socket.destroy());
}

/** The parser's own limits hold before a request is seen at all; this is what it lets through. */
const guarded =
  (onRequest: ListenOptions['onRequest']): ListenOptions['onRequest'] =>
  (request, response) => {
    const refusal = refusalOf(request);
    if (refusal === undefined) return onRequest(request, response);
    request.socket.end(refusalText(refusal), () => request.socket.destroy());
  };

/** Resolves when connections are accepted; rejects with ListenError. */
export function listen(options: ListenOptions): Promise<Listener> {
  const { host = '127.0.0.1', port = 0, tls } = options;
  const guardedOptions = { ...options, onRequest: guarded(options.onRequest) };
  const limits = { ...listenLimits, ...options.limits };
  const server = createServer(guardedOptions, limits);
  if (options.mayUpgrade) answerUpgrades(server, guardedOptions);
  server.on('clientError', refuse);
  server.maxConnections = limits.connections;

  const close = (graceMs = 0) =>
    new Promise<void>((resolve) => {
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      // A connection falls idle again when its answer is out, and nothing tells us.
      const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
      server.close(() => {
        clearTimeout(cut);
        clearInterval(idle);
        resolve();
      });
      server.closeIdleConnections();
    });

  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new ListenError(host, port, error)));
    server.listen({ host, port }, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.on('error', () => {});
      resolve({
        host,
        port: bound,
        url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
        connections: () => new Promise((answer) => server.getConnections((_error, count) => answer(count))),
        replaceTls: (next) => {
          if ('setSecureContext' in server) server.setSecureContext(secureContext(next));
        },
        close,
      });
    });
  });
}

/** Who the other end's certificate says it is. */
export interface PeerCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Of the attribute by which Kubernetes reads a user's uid (1.3.6.1.4.1.57683.2); as often as it is there. */
  readonly uids: readonly string[];
  /** SHA-256 of the certificate, in lower-case hexadecimal. */
  readonly fingerprint: string;
}

const peers = new WeakMap<object, { readonly peer: PeerCertificate | 'untrusted' | undefined }>();

function readPeer(socket: TLSSocket): PeerCertificate | 'untrusted' | undefined {
  const certificate = socket.getPeerCertificate?.();
  if (!certificate?.subject) return undefined;
  if (!socket.authorized) return 'untrusted';
  const { CN: commonName, O: organizations, [uidAttribute]: uids } = certificate.subject as unknown as Subject;
  return {
    commonName: valuesOf(commonName)[0] ?? '',
    organizations: valuesOf(organizations),
    uids: valuesOf(uids),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

const uidAttribute = '1.3.6.1.4.1.57683.2';

type Subject = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An attribute that is there once is a text. */
const valuesOf = (attribute: string | readonly string[] | undefined): readonly string[] =>
  attribute === undefined ? [] : typeof attribute === 'string' ? [attribute] : attribute;

/** undefined: none was shown. 'untrusted': one that the client CA did not sign, or that is not valid now. Read once a connection. */
export function peerCertificate(request: IncomingMessage): PeerCertificate | 'untrusted' | undefined {
  const known = peers.get(request.socket);
  if (known) return known.peer;
  const peer = readPeer(request.socket as TLSSocket);
  peers.set(request.socket, { peer });
  return peer;
}

const issuers = new WeakMap<object, readonly string[]>();

/** SHA-256 of the certificates that vouch for the other end's, `AB:CD:…`, nearest first. Read once a connection. */
export function peerIssuers({ socket }: IncomingMessage): readonly string[] {
  const known = issuers.get(socket);
  if (known) return known;
  const found: string[] = [];
  let certificate = (socket as TLSSocket).getPeerCertificate?.(true);
  while (certificate?.issuerCertificate && !found.includes(certificate.issuerCertificate.fingerprint256)) {
    certificate = certificate.issuerCertificate;
    found.push(certificate.fingerprint256);
  }
  issuers.set(socket, found);
  return found;
}
