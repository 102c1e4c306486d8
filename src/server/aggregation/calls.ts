/** What the server itself asks of those behind it: whether they are there, what they serve, their documents. */
import { createHttpAgent, type HttpAgent, type HttpAgentOptions } from '#world/network/http-client.ts';
import type { Remote } from './remotes.ts';
import type { Address } from './resolve.ts';

/** Certificate and key of a client that API servers believe when it says for whom it asks; both PEM. */
export interface ClientPair {
  readonly cert: string;
  readonly key: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Calls {
  /** As system:kube-aggregator of system:masters. `verified`: only if the server's certificate is right. */
  readonly get: (
    remote: Remote,
    address: Address,
    path: string,
    options?: { readonly accept?: string; readonly verified?: boolean },
  ) => Promise<Answer>;
  readonly close: () => void;
}

const timeoutMs = 5_000;

const identity = { 'x-remote-user': 'system:kube-aggregator', 'x-remote-group': 'system:masters' };

/** `remote-api.web.svc` */
export const serverNameOf = ({ service }: Remote): string => `${service.name}.${service.namespace}.svc`;

export const authorityOf = ({ object }: Remote): string | undefined =>
  object.spec.caBundle ? Buffer.from(object.spec.caBundle, 'base64').toString('utf8') : undefined;

export const urlOf = ({ host, port }: Address, path: string): string =>
  `https://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;

export function createCalls(client: ClientPair | undefined): Calls {
  const agents = new Map<string, HttpAgent>();
  const agentFor = (remote: Remote, verified: boolean): HttpAgent => {
    const ca = authorityOf(remote);
    const insecure = !verified || remote.object.spec.insecureSkipTLSVerify === true;
    const key = JSON.stringify([serverNameOf(remote), insecure, ca]);
    const known = agents.get(key);
    if (known) return known;
    const options: HttpAgentOptions = {
      ...client,
      serverName: serverNameOf(remote),
      insecureSkipTlsVerify: insecure,
      connections: 2,
      ...(ca && !insecure ? { ca } : {}),
    };
    const agent = createHttpAgent(options);
    agents.set(key, agent);
    return agent;
  };
  return {
    get: async (remote, address, path, { accept = 'application/json', verified = true } = {}) => {
      const answer = await agentFor(remote, verified).request({
        url: urlOf(address, path),
        headers: { ...identity, accept },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: answer.status, text: await answer.text() };
    },
    close: () => {
      for (const agent of agents.values()) void agent.close();
      agents.clear();
    },
  };
}
