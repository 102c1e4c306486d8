/**
 * The door out: HTTPS requests to API servers and webhooks. The only importer of undici, and loads it at the first
 * request, so a process that talks to nobody never pays for it. No proxy from the environment is ever used.
 */
import type { Dispatcher } from 'undici';

export interface HttpAgentOptions {
  /** PEM bundle that the server's certificate must chain to; absent: the machine's roots. */
  readonly ca?: string;
  /** PEM client certificate and key; both or neither. */
  readonly cert?: string;
  readonly key?: string;
  /** Accept any server certificate; kubeconfig's insecure-skip-tls-verify. */
  readonly insecureSkipTlsVerify?: boolean;
  /** Name to send by SNI and to verify; absent: the URL's host. */
  readonly serverName?: string;
  /** Most connections per origin; requests beyond wait in undici's queue. */
  readonly connections?: number;
}

export interface HttpAgent {
  readonly request: (request: Omit<HttpRequest, 'agent'>) => Promise<HttpResponse>;
  /** Destroys all connections, watches among them; later requests fail. */
  readonly close: () => Promise<void>;
}

export interface HttpRequest {
  readonly agent: HttpAgent;
  /** Absolute, https: or http:. */
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer's headers must have come; 0 waits for ever. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; a header that came several times is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The whole body as UTF-8, of at most so many bytes. Either this or `stream`, once. */
  readonly text: (mostBytes?: number) => Promise<string>;
  /** The body as it comes, for watches and logs; ending the iteration early closes the connection. */
  readonly stream: AsyncIterable<Uint8Array>;
}

/** A request that got no HTTP answer, or half of one. An abort throws the signal's own reason instead. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** timeout: nothing came in time. unreachable: no connection. broken: it ended in the middle. untrusted: TLS. */
  readonly reason: 'timeout' | 'unreachable' | 'broken' | 'untrusted';

  constructor(reason: TransportError['reason'], message: string, cause: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

const httpClientLimits = {
  /** 32 connections: what the benchmark's client uses; at ~60 kB of TLS buffers each 2 MB per server talked to. */
  connections: 32,
  connectTimeoutMs: 10_000,
  /** As kube-apiserver's own request timeout. */
  headersTimeoutMs: 60_000,
  /** An idle connection is closed before the server's 65 s would, so no request meets a closing one. */
  keepAliveMs: 55_000,
  /** 30,000 objects of 3 kB unpaged are 90 MB; V8 strings end at 512 MB. */
  textBytes: 256 * 1024 * 1024,
} as const;

const untrustedCodes = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|EPROTO)/;

/** The failure of a request that got no answer, from what the machine said. */
export function transportError(url: string, error: unknown): TransportError {
  const code = String((error as { code?: string }).code ?? '');
  const why = error instanceof Error && error.message ? error.message : code;
  const host = new URL(url).host;
  if (code.includes('TIMEOUT') || code === 'ETIMEDOUT') {
    return new TransportError('timeout', `${host} did not answer in time: ${why}`, error);
  }
  if (untrustedCodes.test(code)) {
    return new TransportError('untrusted', `TLS with ${host} failed: ${why}`, error);
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') {
    return new TransportError('broken', `the connection to ${host} broke: ${why}`, error);
  }
  return new TransportError('unreachable', `cannot reach ${host}: ${why}`, error);
}

async function dispatcherFor(options: HttpAgentOptions): Promise<Dispatcher> {
  const { Agent } = await import('undici');
  return new Agent({
    connections: options.connections ?? httpClientLimits.connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: httpClientLimits.keepAliveMs,
    keepAliveMaxTimeout: httpClientLimits.keepAliveMs,
    headersTimeout: httpClientLimits.headersTimeoutMs,
    bodyTimeout: 0,
    connect: {
      timeout: httpClientLimits.connectTimeoutMs,
      rejectUnauthorized: !options.insecureSkipTlsVerify,
      ...(options.ca ? { ca: options.ca } : {}),
      ...(options.cert && options.key ? { cert: options.cert, key: options.key } : {}),
      ...(options.serverName ? { servername: options.serverName } : {}),
    },
  });
}

async function readText(url: string, body: Dispatcher.ResponseData['body'], mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > mostBytes) {
      throw new TransportError('broken', `the answer of ${url} is over ${mostBytes} bytes`, undefined);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

async function* guarded(url: string, signal: AbortSignal | undefined, body: AsyncIterable<Uint8Array>) {
  try {
    yield* body;
  } catch (error) {
    throw failureOf(url, signal, error);
  }
}

const failureOf = (url: string, signal: AbortSignal | undefined, error: unknown): unknown => {
  if (signal?.aborted) return signal.reason;
  return error instanceof TransportError ? error : transportError(url, error);
};

/** A pool of kept-alive HTTP/1.1 connections with one identity. Cheap until its first request. */
export function createHttpAgent(options: HttpAgentOptions = {}): HttpAgent {
  let dispatcher: Promise<Dispatcher> | undefined;
  let closed = false;

  const request: HttpAgent['request'] = async ({ url, method, headers, body, signal, timeoutMs }) => {
    if (closed) throw new TransportError('unreachable', 'this connection pool has been closed', undefined);
    signal?.throwIfAborted();
    dispatcher ??= dispatcherFor(options);
    const { origin, pathname, search } = new URL(url);
    try {
      const answer = await (await dispatcher).request({
        origin,
        path: pathname + search,
        method: (method ?? 'GET') as Dispatcher.HttpMethod,
        ...(headers ? { headers: { ...headers } } : {}),
        // A DELETE has a body too; undici would close the connection behind it.
        ...(body === undefined ? {} : { body, reset: false }),
        ...(signal ? { signal } : {}),
        ...(timeoutMs === undefined ? {} : { headersTimeout: timeoutMs }),
      });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: async (mostBytes = httpClientLimits.textBytes) => {
          try {
            return await readText(url, answer.body, mostBytes);
          } catch (error) {
            throw failureOf(url, signal, error);
          }
        },
        stream: guarded(url, signal, answer.body),
      };
    } catch (error) {
      throw failureOf(url, signal, error);
    }
  };

  const close = async () => {
    closed = true;
    if (dispatcher) await (await dispatcher).destroy();
  };
  return { request, close };
}

/** One request through an agent's pool. Throws TransportError, or the signal's reason. */
export const httpsRequest = ({ agent, ...request }: HttpRequest): Promise<HttpResponse> => agent.request(request);
