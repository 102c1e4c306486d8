/** Every write that clients send to one server while somebody listens, in the order in which the server took them. */
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { createHttpAgent, type HttpAgent, type HttpAgentOptions } from '#world/network/http-client.ts';
import type { Exchange } from './recording.ts';

export interface Writes {
  /** For the clients. */
  readonly createAgent: (options: HttpAgentOptions) => HttpAgent;
  /** Listens to what is written in this namespace. */
  readonly begin: (namespace: string) => void;
  readonly end: () => readonly Exchange[];
}

export function writesOf({ server }: ClusterAccess): Writes {
  let place: string | undefined;
  let exchanges: Exchange[] = [];
  // One write at a time: the order of the answers is the order of the writes.
  let turn: Promise<unknown> = Promise.resolve();

  const noted = async (inner: HttpAgent, request: Parameters<HttpAgent['request']>[0]) => {
    const answer = await inner.request(request);
    const text = await answer.text();
    const path = request.url.slice(server.length);
    if (place !== undefined && path.includes(place)) {
      const { method = 'GET', headers, body } = request;
      const type = headers?.['content-type'] as string | undefined;
      const asked = { method, path, ...(type ? { type } : {}), ...(body ? { body: JSON.parse(String(body)) } : {}) };
      exchanges.push({ asked, answered: { status: answer.status, body: JSON.parse(text) as JsonValue } });
    }
    return { ...answer, text: async () => text };
  };

  return {
    createAgent: (options) => {
      const inner = createHttpAgent(options);
      return {
        ...inner,
        request: (request) => {
          if ((request.method ?? 'GET') === 'GET') return inner.request(request);
          const answer = turn.then(() => noted(inner, request));
          turn = answer.catch(() => {});
          return answer;
        },
      };
    },
    begin: (namespace) => {
      place = `/namespaces/${namespace}/`;
      exchanges = [];
    },
    end: () => {
      place = undefined;
      return exchanges;
    },
  };
}
