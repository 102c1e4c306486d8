/** Everything that is not a resource, put behind the one authorisation: discovery, OpenAPI, health, version, metrics. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ApiHandler, RawResponse } from '#kube/request/request.ts';
import { type Authorizer, requireAccess } from '../auth/authorizer.ts';
import { createDiscovery } from '../discovery/discovery.ts';
import { createOpenApi } from '../openapi/openapi.ts';
import { storageName } from '../registry/kinds/served.ts';
import type { Foundation } from '../serve.ts';
import { createHealth, type HealthCheck } from './health.ts';
import { versionDocument } from './version.ts';

export interface RawOptions {
  /** The Kubernetes release to answer as: `v1.35.3`. */
  readonly release: string;
  /** `linux/amd64`. */
  readonly platform: string;
  readonly checks?: readonly HealthCheck[];
  /** Prometheus text; without it /metrics is not served. */
  readonly metrics?: () => string | Promise<string>;
  /** Subresources that connect to something: `pods/log`, `cluster.karmada.io/clusters/proxy`. */
  readonly connects?: readonly string[];
  /** `host:port`, for `/api`. */
  readonly serverAddress?: string;
}

const plain = (code: number, body: string): RawResponse => ({ code, contentType: 'text/plain; charset=utf-8', body });
const json = (body: RawResponse['body']): RawResponse => ({ code: 200, contentType: 'application/json', body });

const ownPaths = ['/healthz', '/livez', '/metrics', '/openapi/v2', '/openapi/v3', '/readyz', '/version'];

/** What `createApiServer` takes as `raw`. The handler throws Forbidden; a path nobody serves is answered as Go's mux does. */
export const rawPaths =
  ({ release, platform, checks = [], metrics, connects = [], serverAddress = '' }: RawOptions) =>
  ({ kinds }: Pick<Foundation, 'kinds'>, authorizer: Authorizer): ApiHandler['raw'] => {
    const { definitions, onChange } = kinds;
    const connected = new Set(connects);
    const discovery = createDiscovery({
      definitions,
      onChange,
      serverAddress,
      connects: ({ group, resource }: KindDefinition, subresource) =>
        connected.has(`${storageName(group, resource)}/${subresource}`),
    });
    const openapi = createOpenApi({ definitions, onChange, release });
    const health = createHealth(checks);
    const version = json(versionDocument(release, platform));

    const fixed = async (pathname: string): Promise<RawResponse | undefined> => {
      if (pathname === '/version') return version;
      if (pathname === '/') return json({ paths: [...discovery.paths(), ...ownPaths].sort() });
      if (pathname !== '/metrics' || !metrics) return undefined;
      return { code: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics() };
    };

    return async (path, user, accept) => {
      const mark = path.indexOf('?');
      const written = mark < 0 ? path : path.slice(0, mark);
      const pathname = written.length > 1 && written.endsWith('/') ? written.slice(0, -1) : written;
      const query = new URLSearchParams(mark < 0 ? '' : path.slice(mark + 1));
      requireAccess(authorizer, { user, verb: 'get', nonResourceUrl: written });
      return (
        discovery.answer(pathname, accept) ??
        openapi.answer(pathname, query, accept) ??
        (await health.answer(pathname, query)) ??
        (await fixed(pathname)) ??
        plain(404, '404 page not found\n')
      );
    };
  };
