/** Everything that is not a resource, put behind the one authorisation: discovery, OpenAPI, health, version, metrics. */
import type { JsonObject } from '#kube/meta/object.ts';
import type { ApiHandler, RawResponse } from '#kube/request/request.ts';
import { type Authorizer, requireAccess } from '../auth/authorizer.ts';
import type { Discovery } from '../discovery/discovery.ts';
import type { OpenApi } from '../openapi/openapi.ts';
import type { Health } from './health.ts';

export interface RawOptions {
  readonly authorizer: Authorizer;
  readonly discovery: Discovery;
  readonly openapi: OpenApi;
  readonly health: Health;
  readonly version: JsonObject;
  /** Prometheus text; without it /metrics is not served. */
  readonly metrics?: () => string | Promise<string>;
}

const plain = (code: number, body: string): RawResponse => ({ code, contentType: 'text/plain; charset=utf-8', body });

const ownPaths = ['/healthz', '/livez', '/metrics', '/openapi/v3', '/readyz', '/version'];

/** Throws Forbidden. A path nobody serves is answered as Go's mux does, which clients know. */
export function createRawHandler(options: RawOptions): ApiHandler['raw'] {
  const { authorizer, discovery, openapi, health, version, metrics } = options;

  const fixed = async (pathname: string): Promise<RawResponse | undefined> => {
    switch (pathname) {
      case '/':
        return {
          code: 200,
          contentType: 'application/json',
          body: { paths: [...discovery.paths(), ...ownPaths].sort() },
        };
      case '/version':
        return { code: 200, contentType: 'application/json', body: version };
      case '/metrics':
        return metrics && { code: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics() };
      default:
        return undefined;
    }
  };

  return async (path, user, accept) => {
    const mark = path.indexOf('?');
    const written = mark < 0 ? path : path.slice(0, mark);
    const pathname = written.length > 1 && written.endsWith('/') ? written.slice(0, -1) : written;
    const query = new URLSearchParams(mark < 0 ? '' : path.slice(mark + 1));
    requireAccess(authorizer, { user, verb: 'get', nonResourceUrl: written });
    return (
      discovery.answer(pathname, accept) ??
      openapi.answer(pathname, query) ??
      (await health.answer(pathname, query)) ??
      (await fixed(pathname)) ??
      plain(404, '404 page not found\n')
    );
  };
}
