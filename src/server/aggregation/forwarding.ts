/** Passes requests on to the API servers behind this one, in the name of whoever sent them. */
import type { UserInfo } from '#kube/request/request.ts';
import { createForwarder, type Forwarder } from '#world/network/forward.ts';
import { type IncomingMessage, type ServerResponse, takeOver } from '#world/network/listen.ts';
import type { Random } from '#world/random/random.ts';
import { isAvailable } from './api-service.ts';
import { authorityOf, type ClientPair, serverNameOf } from './calls.ts';
import { forwardedHeaders, returnedHeaders } from './headers.ts';
import type { Remote } from './remotes.ts';
import type { Resolved } from './resolve.ts';

export interface Forwarded {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** With its query. */
  readonly path: string;
  readonly user: UserInfo;
  readonly auditId: string;
}

export interface Forwarding {
  readonly serve: (remote: Remote, forwarded: Forwarded) => Promise<void>;
  /** Breaks what is under way. */
  readonly endAll: () => void;
  readonly close: () => void;
}

interface ForwardingOptions {
  readonly client: ClientPair | undefined;
  readonly resolve: (remote: Remote) => Resolved;
  readonly random: Random;
}

/** As Go's http.Error says it. */
function refuse({ response, auditId }: Forwarded, text: string): void {
  const body = `${text}\n`;
  response.writeHead(503, {
    'Audit-Id': auditId,
    'Cache-Control': 'no-cache, private',
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

const unavailable = 'service unavailable';

export function createForwarding({ client, resolve, random }: ForwardingOptions): Forwarding {
  const forwarders = new Map<string, Forwarder>();

  const forwarderFor = (remote: Remote): Forwarder => {
    const ca = authorityOf(remote);
    const insecure = remote.object.spec.insecureSkipTLSVerify === true;
    const key = JSON.stringify([serverNameOf(remote), insecure, ca]);
    const known = forwarders.get(key);
    if (known) return known;
    const forwarder = createForwarder({
      ...client,
      serverName: serverNameOf(remote),
      insecure,
      ...(ca ? { ca } : {}),
    });
    forwarders.set(key, forwarder);
    return forwarder;
  };

  return {
    serve: async (remote, forwarded) => {
      const resolved = resolve(remote);
      if (!isAvailable(remote.object) || 'reason' in resolved) return refuse(forwarded, unavailable);
      const { request, response, path, user, auditId } = forwarded;
      const { addresses } = resolved;
      const address = addresses[Math.floor(random.next() * addresses.length)]!;
      const upgrade = request.headers.upgrade !== undefined;
      const received = { headers: request.headers, client: request.socket.remoteAddress, auditId };
      try {
        await forwarderFor(remote).forward(request, response, {
          ...address,
          path,
          headers: forwardedHeaders(received, user, upgrade),
          returned: returnedHeaders,
          takeOver: () => takeOver(response),
        });
      } catch (error) {
        refuse(forwarded, error instanceof Error ? error.message : unavailable);
      }
    },
    endAll: () => {
      for (const forwarder of forwarders.values()) forwarder.endAll();
    },
    close: () => {
      for (const forwarder of forwarders.values()) forwarder.close();
      forwarders.clear();
    },
  };
}
