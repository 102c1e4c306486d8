/** Requests counted as they pass to a server, by verb; those about events apart, which nobody waits for. */
import type { ApiHandler } from '#kube/request/request.ts';
import type { Calls } from '#migrate/rehearse/sandbox.ts';

export interface CallCounter {
  readonly counting: (server: string, handler: ApiHandler) => ApiHandler;
  readonly calls: () => ReadonlyMap<string, Calls>;
}

export function callCounter(): CallCounter {
  const servers = new Map<string, Record<string, number>>();
  const count = (server: string, verb: string) => {
    const calls = servers.get(server) ?? {};
    servers.set(server, calls);
    calls[verb] = (calls[verb] ?? 0) + 1;
  };
  return {
    counting: (server, handler) => ({
      handle: (request) => {
        count(server, request.path.resource === 'events' ? 'event' : request.verb);
        return handler.handle(request);
      },
      watch: (request, sink) => {
        count(server, 'watch');
        return handler.watch(request, sink);
      },
      raw: (path, user, accept) => {
        count(server, 'get');
        return handler.raw(path, user, accept);
      },
    }),
    calls: () => new Map([...servers].map(([server, calls]) => [server, { ...calls }])),
  };
}
