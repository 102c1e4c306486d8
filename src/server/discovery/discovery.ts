/** `/api`, `/apis` and what is below them, made anew only when the kinds have changed. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { RawResponse } from '#kube/request/request.ts';
import { sha256 } from '#world/certificates/digest.ts';
import { parseAccept } from '../http/accept.ts';
import {
  aggregatedList,
  apiGroup,
  coreVersions,
  groupList,
  resourceList,
  type ServedGroup,
  servedGroups,
} from './documents.ts';
import type { Connects } from './subresources.ts';

export interface DiscoveryOptions {
  readonly definitions: () => readonly KindDefinition[];
  readonly onChange: (listener: () => void) => unknown;
  /** Which exec, attach, log and proxy subresources are served; none when absent. */
  readonly connects?: Connects;
  /** `host:port`, for `/api`. */
  readonly serverAddress?: string;
}

export interface Discovery {
  /** undefined: not a path of discovery, or a group or version that is not served. */
  readonly answer: (pathname: string, accept?: string) => RawResponse | undefined;
  /** `/api/v1`, `/apis/apps/v1`, …: for the index at `/`. */
  readonly paths: () => readonly string[];
}

const aggregatedVersions: readonly string[] = ['v2', 'v2beta1'];

/** The aggregated form's version, when the client prefers it to the plain one. */
function aggregatedVersion(accept: string | undefined): string | undefined {
  if (!accept?.includes('APIGroupDiscoveryList')) return undefined;
  for (const { type, parameters } of parseAccept(accept)) {
    if (type !== 'application/json') continue;
    if (parameters.as === undefined) return undefined;
    const wanted = parameters.as === 'APIGroupDiscoveryList' && parameters.g === 'apidiscovery.k8s.io';
    if (wanted && aggregatedVersions.includes(parameters.v ?? '')) return parameters.v;
  }
  return undefined;
}

const json = (body: JsonObject): RawResponse => ({
  code: 200,
  contentType: 'application/json',
  body,
  headers: { vary: 'Accept' },
});

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { definitions, onChange, connects = () => false, serverAddress = '' } = options;
  let groups: readonly ServedGroup[] | undefined;
  const made = new Map<string, RawResponse | undefined>();
  onChange(() => {
    groups = undefined;
    made.clear();
  });

  const served = () => (groups ??= servedGroups(definitions()));

  const aggregated = (core: boolean, version: string): RawResponse => {
    const listed = served().filter(({ group }) => (group === '') === core);
    const body = aggregatedList(listed, `apidiscovery.k8s.io/${version}`, connects);
    const etag = `"${sha256(JSON.stringify(body)).toString('hex').toUpperCase()}"`;
    const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    return { code: 200, contentType, body, headers: { vary: 'Accept', etag, 'cache-control': 'public' } };
  };

  const plain = (segments: readonly string[]): RawResponse | undefined => {
    const [root, ...rest] = segments;
    if (rest.length === 0) return json(root === 'api' ? coreVersions(served(), serverAddress) : groupList(served()));
    const [name, version] = root === 'api' ? ['', rest[0]!] : rest;
    const group = served().find((candidate) => candidate.group === name);
    if (!group || (root === 'apis' && name === '') || rest.length > (root === 'api' ? 1 : 2)) return undefined;
    if (version === undefined) return json(apiGroup(group));
    const list = resourceList(group, version, connects);
    return list && json(list);
  };

  const answer: Discovery['answer'] = (pathname, accept) => {
    const segments = pathname.split('/').filter((segment) => segment !== '');
    if (segments[0] !== 'api' && segments[0] !== 'apis') return undefined;
    const version = segments.length === 1 ? aggregatedVersion(accept) : undefined;
    const key = `${version ?? ''} ${segments.join('/')}`;
    const known = made.get(key);
    if (known) return known;
    const fresh = version ? aggregated(segments[0] === 'api', version) : plain(segments);
    // Only what exists is kept: paths that do not are without number.
    if (fresh) made.set(key, fresh);
    return fresh;
  };

  const paths = () => [
    '/api',
    ...served().flatMap(({ group, versions }) =>
      group === ''
        ? versions.map(({ version }) => `/api/${version}`)
        : [`/apis/${group}`, ...versions.map(({ version }) => `/apis/${group}/${version}`)],
    ),
    '/apis',
  ];
  return { answer, paths: () => paths().sort() };
}
