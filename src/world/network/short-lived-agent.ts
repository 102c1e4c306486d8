/**
 * HTTPS for programs that make a few requests and end: node's own client, which loads in a tenth of undici's time.
 * What lives long uses `http-client.ts`; both answer alike.
 */
import type { IncomingMessage, RequestOptions } from 'node:http';
import {
  type HttpAgent,
  type HttpAgentOptions,
  type HttpResponse,
  TransportError,
  transportError,
} from './http-client.ts';

/** As the long-lived client's: what a server may take to begin its answer. */
const headersTimeoutMs = 60_000;

export function createShortLivedAgent(options: HttpAgentOptions = {}): HttpAgent {
  let closed = false;
  let loading: ReturnType<typeof load> | undefined;

  const load = async (secure: boolean) => {
    const { Agent, request } = secure ? await import('node:https') : await import('node:http');
    return { agent: new Agent({ keepAlive: true, ...(secure ? tlsOptions(options) : {}) }), send: request };
  };

  return {
    request: async ({ url, method = 'GET', headers, body, signal, timeoutMs = headersTimeoutMs }) => {
      if (closed) throw new TransportError('unreachable', 'this client has been closed', undefined);
      signal?.throwIfAborted();
      loading ??= load(url.startsWith('https:'));
      const { agent, send } = await loading;
      const given: RequestOptions = { agent, method, headers: withLength(headers, body), timeout: timeoutMs };
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const fail = (error: Error) => reject(signal?.aborted ? signal.reason : transportError(url, error));
        const sent = send(url, { ...given, ...(signal ? { signal } : {}) }, (response) => {
          sent.setTimeout(0);
          resolve(response);
        });
        sent.on('error', fail);
        sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
        sent.end(body);
      });
      return responseOf(url, answer, signal);
    },
    close: async () => {
      closed = true;
      (await loading)?.agent.destroy();
    },
  };
}

const tlsOptions = ({ ca, cert, key, insecureSkipTlsVerify, serverName }: HttpAgentOptions) => ({
  rejectUnauthorized: !insecureSkipTlsVerify,
  ...(ca ? { ca } : {}),
  ...(cert && key ? { cert, key } : {}),
  ...(serverName ? { servername: serverName } : {}),
});

const withLength = (
  headers: Readonly<Record<string, string | string[]>> = {},
  body: string | Uint8Array | undefined,
) => (body === undefined ? { ...headers } : { ...headers, 'content-length': String(Buffer.byteLength(body)) });

function responseOf(url: string, answer: IncomingMessage, signal: AbortSignal | undefined): HttpResponse {
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of answer) yield chunk as Uint8Array;
    } catch (error) {
      throw signal?.aborted ? signal.reason : transportError(url, error);
    }
  }
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream()) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    },
    stream: stream(),
  };
}
