/** Everything that is not a resource, put behind the one authorisation: discovery, OpenAPI, health, version, metrics. */
import type { ApiHandler, RawResponse } from '#kube/request/request.ts';
import { noSuchPath } from '#kube/status/errors.ts';
import { type Authorizer, requireAccess } from '../auth/authorizer.ts';
import { issuerDiscovery, issuerPaths, type TokenIssuer } from '../auth/service-account/discovery.ts';
import { createDiscovery } from '../discovery/discovery.ts';
import type { FlowControl } from '../flowcontrol/flow-control.ts';
import { createOpenApi } from '../openapi/openapi.ts';
import type { Foundation } from '../serve.ts';
import { checkOutcomes } from './check-outcomes.ts';
import { standardChecks } from './checks.ts';
import { createHealth, type HealthCheck } from './health.ts';
import { versionDocument } from './version.ts';

export interface RawOptions {
  /** The Kubernetes release to answer as: `v1.35.3`. */
  readonly release: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** Besides those of the server itself. */
  readonly checks?: readonly HealthCheck[];
  /** Prometheus text of what runs beside the server, behind its own. */
  readonly metrics?: () => string | Promise<string>;
  /** `host:port`, for `/api`. */
  readonly serverAddress?: string;
}

const plain = (code: number, body: string): RawResponse => ({
  code,
  contentType: 'text/plain; charset=utf-8',
  body,
  ...(code === 404 ? { headers: { 'x-content-type-options': 'nosniff' } } : {}),
});
const forPeople = (body: RawResponse['body']): RawResponse => ({
  code: 200,
  contentType: 'application/json',
  body,
  indented: true,
});

const metricsPaths = ['/metrics', '/metrics/slis'];
const ownPaths = ['/openapi/v2', '/openapi/v3', '/openapi/v3/', '/version'];

/** Discovery is served with a slash at its end, too. */
const withoutSlash = (path: string) => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

type Ground = Pick<Foundation, 'kinds' | 'world'> & Partial<Foundation>;

/** What `createApiServer` takes as `raw`. The handler throws Forbidden; a path nobody serves is answered as Go's mux does. */
export const rawPaths =
  ({ release, platform, checks = [], metrics, serverAddress = '' }: RawOptions) =>
  (
    { kinds, world, storage, phase, services, foreign, metrics: counted }: Ground,
    authorizer: Authorizer,
    flow?: Pick<FlowControl, 'metricsText'>,
    issuer?: TokenIssuer,
  ): ApiHandler['raw'] => {
    const { definitions, onChange } = kinds;
    const discovery = createDiscovery({
      definitions,
      onChange,
      serverAddress,
      ...(services ? { services } : {}),
    });
    const openapi = createOpenApi({
      definitions,
      onChange,
      release,
      now: () => world.clock.now(),
      ...(foreign ? { foreign } : {}),
    });
    const own = storage && phase ? standardChecks({ storage, phase }) : [];
    const outcomes = checkOutcomes();
    const health = createHealth([...own, ...checks], outcomes.observe);
    const tokens = issuer && storage ? issuerDiscovery(issuer, storage) : () => undefined;
    const version = forPeople(versionDocument(release, platform));
    const index = () =>
      forPeople({
        paths: [
          ...discovery.paths(),
          ...health.paths(),
          ...metricsPaths,
          ...(issuer ? issuerPaths : []),
          ...ownPaths,
        ].sort(),
      });

    const allMetrics = async () =>
      `${counted?.text(release, platform) ?? ''}${flow?.metricsText() ?? ''}${(await metrics?.()) ?? ''}`;

    const fixed = async (pathname: string): Promise<RawResponse | undefined> => {
      if (pathname === '/version') return version;
      if (pathname === '/') return index();
      if (!metricsPaths.includes(pathname)) return undefined;
      const body = pathname === '/metrics' ? await allMetrics() : outcomes.text();
      return { code: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores', body };
    };
    const isServedGroup = (group: string) => definitions().some((kind) => kind.group === group);

    return async (path, user, accept) => {
      const mark = path.indexOf('?');
      const written = mark < 0 ? path : path.slice(0, mark);
      const pathname = withoutSlash(written);
      const query = new URLSearchParams(mark < 0 ? '' : path.slice(mark + 1));
      requireAccess(authorizer, { user, verb: 'get', nonResourceUrl: written });
      const found =
        (await discovery.answer(pathname, accept)) ??
        (await openapi.answer(written, query, accept)) ??
        (await health.answer(written, query)) ??
        tokens(pathname) ??
        (await fixed(pathname));
      if (found) return found;
      // Of a group that is served somebody answers for its paths; of others nobody does.
      const [, root, group = ''] = pathname.split('/');
      if (root === 'apis' && group !== '' && isServedGroup(group)) throw noSuchPath();
      return plain(404, '404 page not found\n');
    };
  };
