/** One HTTP request to an API server and its answer, as they are on the wire: what recordings are made of. */
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { createHttpAgent, type HttpAgentOptions } from '#world/network/http-client.ts';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** The body's content type. */
  readonly type?: string;
  readonly body?: JsonValue;
}

export interface Answered {
  readonly status: number;
  readonly body: JsonValue;
}

export interface Door {
  readonly ask: (asked: Asked) => Promise<Answered>;
  readonly close: () => Promise<void>;
}

/** What a recorded request comes from by default. */
const userAgent = 'recorder/v1';

export function doorTo(access: ClusterAccess): Door {
  const pem = (part: ClusterAccess['clientKey']) => (part && 'pem' in part ? part.pem : undefined);
  const options: HttpAgentOptions = {
    ca: pem(access.certificateAuthority),
    cert: pem(access.clientCertificate),
    key: pem(access.clientKey),
  };
  const agent = createHttpAgent(options);
  return {
    ask: async ({ method, path, type, body }) => {
      const answer = await agent.request({
        url: access.server + path,
        method,
        headers: { 'user-agent': userAgent, accept: 'application/json', ...(type ? { 'content-type': type } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: JSON.parse(await answer.text()) as JsonValue };
    },
    close: () => agent.close(),
  };
}
