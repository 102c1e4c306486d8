/**
 * What an API server serves, asked of it: aggregated discovery in two requests where it has that, else one request
 * a group version. A group whose server is away is named, and harms no other.
 */
import { apiVersionOf, parseApiVersion, type ResourceRef } from '#kube/meta/kind.ts';
import type { RawResponse } from '#kube/request/request.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { failure, type Status, StatusError } from '#kube/status/status.ts';
import type { ApiClient } from '../api-client.ts';

export interface DiscoveredResource extends ResourceRef {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  /** `status`, `scale`. */
  readonly subresources: readonly string[];
}

export interface Discovery {
  /** Core first, then the groups as the server orders them; within a group the preferred version first. */
  readonly resources: readonly DiscoveredResource[];
  /** Group versions that should be there and did not answer. */
  readonly unavailable: readonly string[];
}

const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

interface GroupDiscovery {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly freshness?: 'Current' | 'Stale';
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind?: { readonly group?: string; readonly version?: string; readonly kind: string };
      readonly scope: 'Namespaced' | 'Cluster';
      readonly singularResource?: string;
      readonly verbs?: readonly string[];
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
      readonly subresources?: readonly { readonly subresource: string }[];
    }[];
  }[];
}

interface LegacyResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface Answer {
  readonly kind?: string;
  readonly items?: readonly GroupDiscovery[];
  readonly versions?: readonly string[];
  readonly groups?: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
  readonly resources?: readonly LegacyResource[];
}

/** Throws StatusError when neither /api nor /apis can be read. */
export async function discover(client: ApiClient): Promise<Discovery> {
  const [core, named] = await Promise.all([ask(client, '/api', aggregated), ask(client, '/apis', aggregated)]);
  const parts = await Promise.all([coreOf(client, core), namedOf(client, named)]);
  return {
    resources: parts.flatMap((part) => part.resources),
    unavailable: parts.flatMap((part) => part.unavailable),
  };
}

async function ask(client: ApiClient, path: string, accept?: string): Promise<Answer> {
  const answer: RawResponse = await client.raw(path, accept);
  if (answer.code < 400 && typeof answer.body === 'object' && answer.body !== null) return answer.body as Answer;
  if (typeof answer.body === 'object' && (answer.body as Answer | null)?.kind === 'Status') {
    throw new StatusError(answer.body as unknown as Status);
  }
  if (answer.code === 404) throw failure('NotFound', `${client.name} does not serve ${path}`);
  throw serviceUnavailable(`${client.name} answered ${path} with ${answer.code}`);
}

const coreOf = (client: ApiClient, answer: Answer): Promise<Discovery> =>
  answer.items
    ? Promise.resolve(fromAggregated(answer.items))
    : legacy(
        client,
        (answer.versions ?? ['v1']).map((version) => ({ groupVersion: version, path: `/api/${version}` })),
      );

const namedOf = (client: ApiClient, answer: Answer): Promise<Discovery> => {
  if (answer.items) return Promise.resolve(fromAggregated(answer.items));
  const versions = (answer.groups ?? []).flatMap((group) => group.versions);
  return legacy(
    client,
    versions.map(({ groupVersion }) => ({ groupVersion, path: `/apis/${groupVersion}` })),
  );
};

function fromAggregated(groups: readonly GroupDiscovery[]): Discovery {
  const resources: DiscoveredResource[] = [];
  const unavailable: string[] = [];
  for (const { metadata, versions } of groups) {
    const group = metadata.name ?? '';
    for (const { version, freshness, resources: served = [] } of versions) {
      if (freshness === 'Stale') unavailable.push(apiVersionOf({ group, version }));
      for (const each of served) {
        // An entry without a kind holds only subresources.
        if (!each.responseKind?.kind) continue;
        resources.push({
          group,
          version,
          kind: each.responseKind.kind,
          resource: each.resource,
          namespaced: each.scope === 'Namespaced',
          singular: each.singularResource || each.responseKind.kind.toLowerCase(),
          shortNames: each.shortNames ?? [],
          categories: each.categories ?? [],
          verbs: each.verbs ?? [],
          subresources: (each.subresources ?? []).map(({ subresource }) => subresource),
        });
      }
    }
  }
  return { resources, unavailable };
}

async function legacy(
  client: ApiClient,
  paths: readonly { readonly groupVersion: string; readonly path: string }[],
): Promise<Discovery> {
  const unavailable: string[] = [];
  const lists = await Promise.all(
    paths.map(async ({ groupVersion, path }) => {
      try {
        return fromLegacy(groupVersion, (await ask(client, path)).resources ?? []);
      } catch {
        unavailable.push(groupVersion);
        return [];
      }
    }),
  );
  return { resources: lists.flat(), unavailable };
}

function fromLegacy(groupVersion: string, resources: readonly LegacyResource[]): DiscoveredResource[] {
  const subresources = new Map<string, string[]>();
  for (const { name } of resources) {
    const slash = name.indexOf('/');
    if (slash < 0) continue;
    const parent = name.slice(0, slash);
    subresources.set(parent, [...(subresources.get(parent) ?? []), name.slice(slash + 1)]);
  }
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map((each) => ({
      ...parseApiVersion(groupVersion),
      kind: each.kind,
      resource: each.name,
      namespaced: each.namespaced,
      singular: each.singularName || each.kind.toLowerCase(),
      shortNames: each.shortNames ?? [],
      categories: each.categories ?? [],
      verbs: each.verbs ?? [],
      subresources: subresources.get(each.name) ?? [],
    }));
}
