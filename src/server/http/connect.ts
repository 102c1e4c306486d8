/** Requests to subresources that connect: what they lead to is asked of the API server, and spoken with the client. */
import type { Connection } from '#kube/connect/connection.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { notImplemented, tooManyRequests } from '#kube/status/errors.ts';
import type { Clock } from '#world/clock/clock.ts';
import { type IncomingMessage, takeOver } from '#world/network/listen.ts';
import type { ClientSide } from '../connect/wire/client.ts';
import { negotiate } from './accept.ts';
import { headersOf, type Reply } from './respond.ts';
import type { ServedApi } from './served.ts';

/** One request, as the door has it. */
export interface ConnectExchange {
  readonly api: ServedApi;
  readonly request: IncomingMessage;
  readonly reply: Reply;
  /** Decoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
}

export interface Connections {
  /** Resolves when the connection is over. Throws StatusError when it does not come about. */
  readonly serve: (exchange: ConnectExchange, request: ApiRequest) => Promise<void>;
  readonly endAll: () => void;
}

/** At once, of one server: with queues of 128 KiB in both directions some 100 MiB. */
const mostConnections = 400;

const switchingProtocols = 101;

/** Up to and with the subresource: `/api/v1/nodes/a/proxy`, `/api/v1/namespaces/a/pods/b/proxy`. */
const leading = { cluster: 6, namespaced: 8 } as const;

function subpathOf(pathname: string, { path }: ApiRequest): string {
  const rest = pathname.split('/').slice(path.namespace === undefined ? leading.cluster : leading.namespaced);
  return rest.length === 0 ? '' : `/${rest.join('/')}`;
}

export function createConnections(clock: Clock): Connections {
  const active = new Set<() => void>();

  const serve: Connections['serve'] = async (exchange, apiRequest) => {
    const { api, request, reply, pathname, query } = exchange;
    if (active.size >= mostConnections)
      throw tooManyRequests('too many connections to Pods, please try again later', 1);
    const { response } = reply;
    let switched = false;
    let end = () => void response.destroy();
    const ended = () => end();
    active.add(ended);
    try {
      // Logs are text whatever is asked for, and still what is asked for must be something the API has.
      if (apiRequest.path.subresource === 'log') negotiate(request.headers.accept, true);
      const connect = {
        method: request.method ?? 'GET',
        query,
        subpath: subpathOf(pathname, apiRequest),
        upgrade: request.headers.upgrade !== undefined,
      };
      const { connection } = await api.handler.handle({ ...apiRequest, connect });
      const client: ClientSide = {
        request,
        response,
        clock,
        headers: (contentType) => headersOf(reply, contentType) as Record<string, string>,
        takeOver: () => {
          const upgrade = takeOver(response);
          if (!upgrade) return undefined;
          end = () => void upgrade.socket.destroy();
          switched = true;
          reply.audit?.started(switchingProtocols);
          return upgrade;
        },
      };
      if (!connection) {
        const { resource, subresource } = apiRequest.path;
        throw notImplemented(`${resource}/${subresource} of ${api.name} connects to nothing`);
      }
      await speak(client, connection, exchange, connect.upgrade);
    } finally {
      active.delete(ended);
      // The answer itself never ends: the connection has become another one.
      if (switched) reply.audit?.complete(switchingProtocols);
    }
  };
  return {
    serve,
    endAll: () => {
      for (const end of active) end();
    },
  };
}

async function speak(
  client: ClientSide,
  connection: Connection,
  { pathname, request }: ConnectExchange,
  upgrade: boolean,
): Promise<void> {
  switch (connection.kind) {
    case 'log':
      return (await import('../connect/wire/log.ts')).serveLog(client, connection);
    case 'command':
      return (await import('../connect/wire/command.ts')).serveCommand(client, connection);
    case 'ports':
      return (await import('../connect/wire/ports.ts')).servePorts(client, connection);
    case 'proxy': {
      const mark = request.url!.indexOf('?');
      const search = mark < 0 ? '' : request.url!.slice(mark);
      return (await import('../connect/wire/proxy.ts')).serveProxy(client, connection, { pathname, search, upgrade });
    }
  }
}
