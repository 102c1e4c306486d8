/**
 * gRPC in and out: unary calls of bytes over HTTP/2, with TLS or without. The only importer of @grpc/grpc-js, whose
 * loading takes longer than all else of a start: whoever needs this file loads it lazily. No proxy from the environment
 * is ever used.
 */
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import {
  Client,
  credentials,
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js';

// What goes wrong is told by who called, in our own words.
setLogVerbosity(logVerbosity.NONE);

/** A call that was not answered, by gRPC's name of its status: `UNAVAILABLE`, `DEADLINE_EXCEEDED`. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly code: keyof typeof status;

  constructor(code: keyof typeof status, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers one method. What it throws reaches the caller as UNKNOWN, as from Go, or with a GrpcError's own status. */
export type GrpcMethod = (request: Buffer) => Promise<Uint8Array>;

/** All PEM. With `clientCa` only clients that show a certificate of it are let in. */
export interface GrpcServerTls {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
}

/** All PEM. Without `ca` the machine's roots count. */
export interface GrpcClientTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Any certificate of the server, for any name. */
  readonly insecureSkipVerify?: boolean;
}

export interface GrpcLimits {
  /** Of a message, in both directions: Go's default for what is received. */
  readonly messageBytes: number;
  /** Calls that are answered at the same time; those beyond fail with RESOURCE_EXHAUSTED. */
  readonly calls: number;
}

const defaultLimits: GrpcLimits = { messageBytes: 4 * 1024 * 1024, calls: 256 };

/** What has begun may end within this time when the server closes. */
const closingGraceMs = 500;

/** Between two attempts to reach a server that is gone: at first, and at most. */
const backoffMs = { first: 250, most: 10_000 } as const;

export interface GrpcServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Absent: plain text. */
  readonly tls?: GrpcServerTls;
  /** By path: `/package.Service/Method`. */
  readonly methods: Readonly<Record<string, GrpcMethod>>;
  readonly limits?: Partial<GrpcLimits>;
}

export interface GrpcServer {
  /** `host:port`, as clients write it. */
  readonly address: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const asIs = (bytes: Buffer): Buffer => bytes;

/** As grpc-js makes them, but for TLS 1.3 and nothing before it: what the reference's server speaks. */
class TlsCredentials extends ServerCredentials {
  constructor({ cert, key, clientCa }: GrpcServerTls) {
    super(
      { requestCert: clientCa !== undefined },
      { cert, key, minVersion: 'TLSv1.3', ...(clientCa ? { ca: clientCa } : {}) },
    );
  }

  _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

const optionsOf = ({ messageBytes }: GrpcLimits) => ({
  'grpc.max_receive_message_length': messageBytes,
  'grpc.max_send_message_length': messageBytes,
});

/** Resolves when calls are accepted; rejects when the port is taken or certificate and key are of no use. */
export async function serveGrpc(options: GrpcServerOptions): Promise<GrpcServer> {
  const { host, port, tls, methods } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const server = new Server({ ...optionsOf(limits), 'grpc.max_concurrent_streams': limits.calls });
  let running = 0;

  const answer = async (method: GrpcMethod, { request }: ServerUnaryCall<Buffer, Uint8Array>): Promise<Uint8Array> => {
    if (running >= limits.calls) throw new GrpcError('RESOURCE_EXHAUSTED', `more than ${limits.calls} calls at once`);
    running += 1;
    try {
      return await method(request);
    } finally {
      running -= 1;
    }
  };
  for (const [path, method] of Object.entries(methods)) {
    server.register(
      path,
      (call: ServerUnaryCall<Buffer, Uint8Array>, done: (error: object | null, value?: Uint8Array) => void) => {
        answer(method, call).then(
          (bytes) => done(null, bytes),
          (error: unknown) => done(statusOf(error)),
        );
      },
      asBuffer,
      asIs,
      'unary',
    );
  }
  const name = host.includes(':') ? `[${host}]` : host;
  const bound = await new Promise<number>((resolve, reject) => {
    const access = tls ? new TlsCredentials(tls) : ServerCredentials.createInsecure();
    server.bindAsync(`${name}:${port}`, access, (error, given) => (error ? reject(error) : resolve(given)));
  }).catch((error: Error) => {
    const why = error.message.includes('EADDRINUSE') ? 'another process has the port' : error.message;
    throw new Error(`cannot serve gRPC on ${name}:${port}: ${why}`, { cause: error });
  });
  return {
    address: `${name}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.forceShutdown(), closingGraceMs);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

const statusOf = (error: unknown) => ({
  code: error instanceof GrpcError ? status[error.code] : status.UNKNOWN,
  details: error instanceof Error ? error.message : String(error),
});

export interface GrpcClient {
  /** Bytes of the answer. Rejects with a GrpcError: with DEADLINE_EXCEEDED after `timeoutMs`, connecting included. */
  readonly call: (path: string, request: Uint8Array, timeoutMs: number) => Promise<Buffer>;
  readonly close: () => void;
}

export interface GrpcClientOptions {
  /** `host:port`. */
  readonly address: string;
  /** Absent: plain text. */
  readonly tls?: GrpcClientTls;
  readonly limits?: Partial<GrpcLimits>;
}

const pem = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));

/** Stands for an address in the handshake, where only names may be: no server has it. */
const noName = 'address.invalid';

/** The host is checked against the certificate as it is, also an address, for which grpc-js would ask by name. */
function accessTo(host: string, tls: GrpcClientTls | undefined) {
  if (!tls) return { access: credentials.createInsecure(), names: {} };
  const access = credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert), {
    rejectUnauthorized: !tls.insecureSkipVerify,
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  });
  return { access, names: isIP(host) ? { 'grpc.ssl_target_name_override': noName } : {} };
}

/** Connects with the first call, and again after the connection was lost. */
export function grpcClient({ address, tls, limits }: GrpcClientOptions): GrpcClient {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const { access, names } = accessTo(host, tls);
  const client = new Client(address, access, {
    ...optionsOf({ ...defaultLimits, ...limits }),
    ...names,
    'grpc.enable_http_proxy': 0,
    // A connection of one's own: it ends with its client, and its failures are nobody else's.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.service_config_disable_resolution': 1,
    'grpc.initial_reconnect_backoff_ms': backoffMs.first,
    'grpc.max_reconnect_backoff_ms': backoffMs.most,
  });
  return {
    call: (path, request, timeoutMs) =>
      new Promise((resolve, reject) => {
        const deadline = new Date(Date.now() + timeoutMs);
        const done = (error: ServiceError | null, bytes?: Buffer) => {
          if (bytes) resolve(bytes);
          else reject(errorFrom(error, address));
        };
        client.makeUnaryRequest(path, asBuffer, asIs, request, { deadline }, done);
      }),
    close: () => client.close(),
  };
}

function errorFrom(error: ServiceError | null, address: string): GrpcError {
  const code = status[error?.code ?? status.UNKNOWN] as keyof typeof status;
  return new GrpcError(code, `${address}: ${error?.details ?? 'no answer'}`);
}
