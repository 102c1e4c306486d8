/** Requests whose answers are read and thrown away: what is measured is the server, not what a client makes of it. */
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { pemsOf } from '#harness/credentials.ts';
import { createHttpAgent } from '#world/network/http-client.ts';
import { connections } from '../load.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

export interface Wire {
  /** Resolves with the number of bytes of the answer's body. Rejects when it is a failure. */
  readonly ask: (request: Request) => Promise<number>;
  /** Calls `line` at every line's end; resolves when the answer has begun. */
  readonly lines: (path: string, line: () => void, signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
}

const newline = 10;

/** `most` connections at once. */
export function wireTo(access: ClusterAccess, most = connections): Wire {
  const agent = createHttpAgent({ ...pemsOf(access), connections: most });
  const send = async ({ method, path, type, body }: Request, signal?: AbortSignal) => {
    const answer = await agent.request({
      url: access.server + path,
      method,
      headers: {
        'user-agent': 'bench/v1',
        accept: 'application/json',
        // Both answer what is asked for; compression is the client's choice, and costs either the same.
        'accept-encoding': 'identity',
        ...(type ? { 'content-type': type } : {}),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
      timeoutMs: 600_000,
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.stream;
  };
  return {
    ask: async (request) => {
      let bytes = 0;
      for await (const chunk of await send(request)) bytes += chunk.byteLength;
      return bytes;
    },
    lines: async (path, line, signal) => {
      const stream = await send({ method: 'GET', path }, signal);
      void (async () => {
        try {
          for await (const chunk of stream) {
            for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) line();
          }
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      })();
    },
    close: () => agent.close(),
  };
}
