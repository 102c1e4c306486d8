/**
 * From kinds and people's words to resources, by what the API server serves. What is not known is looked for again on
 * the server, but not at every miss.
 */
import { apiVersionOf } from '#kube/meta/kind.ts';
import { failure } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { ApiClient } from '../api-client.ts';
import { type DiscoveredResource, type Discovery, discover } from './discovery.ts';
import { resolveName } from './resolve.ts';

export type { DiscoveredResource } from './discovery.ts';

/** A kind; without a version, whichever its group prefers. */
export interface KindQuery {
  readonly group: string;
  readonly version?: string;
  readonly kind: string;
}

export interface RestMapper {
  /** What is known without asking the server; undefined for unknown kinds and before the first answer. */
  readonly known: (query: KindQuery) => DiscoveredResource | undefined;
  /** Undefined when the server has no such kind. */
  readonly find: (query: KindQuery) => Promise<DiscoveredResource | undefined>;
  /** As `find`, in kubectl's words (NotFound) when there is none. */
  readonly forKind: (query: KindQuery) => Promise<DiscoveredResource>;
  /** Plural, singular, short name or kind, with `.version.group` or `.group`. Throws NotFound in kubectl's words. */
  readonly resolve: (text: string) => Promise<DiscoveredResource>;
  /** Every resource of every version; preferred versions stand first within their group. */
  readonly resources: () => Promise<readonly DiscoveredResource[]>;
  /** Each resource once, in the version its group prefers. */
  readonly preferred: () => Promise<readonly DiscoveredResource[]>;
  /** Group versions whose server did not answer at the last look. */
  readonly unavailable: () => readonly string[];
  /** Asks the server now. Throws StatusError when it does not answer; what was known stays known. */
  readonly refresh: () => Promise<void>;
}

/** Misses within this time of the last look do not ask the server again. */
const missIntervalMs = 1_000;

const idOf = (group: string, version: string | undefined, kind: string) => `${group}/${version ?? ''}/${kind}`;

function indexKinds({ resources }: Discovery): Map<string, DiscoveredResource> {
  const kinds = new Map<string, DiscoveredResource>();
  const add = (id: string, resource: DiscoveredResource) => {
    if (!kinds.has(id)) kinds.set(id, resource);
  };
  for (const resource of resources) {
    const { group, version, kind } = resource;
    add(idOf(group, version, kind), resource);
    add(idOf(group, undefined, kind), resource);
  }
  return kinds;
}

export function restMapper(client: ApiClient, { clock }: { readonly clock: Clock }): RestMapper {
  let discovery: Discovery | undefined;
  let kinds = new Map<string, DiscoveredResource>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  const look = async () => {
    discovery = await discover(client);
    kinds = indexKinds(discovery);
    lookedAt = clock.monotonic();
  };

  /** One look serves everybody who asks meanwhile. */
  const refresh = () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  const current = async (): Promise<Discovery> => {
    if (!discovery) await refresh();
    return discovery!;
  };

  const orLookAgain = async <R>(search: () => R | undefined): Promise<R | undefined> => {
    if (!discovery) await refresh();
    const found = search();
    if (found !== undefined || clock.monotonic() - lookedAt < missIntervalMs) return found;
    await refresh();
    return search();
  };

  const known = ({ group, version, kind }: KindQuery) => kinds.get(idOf(group, version, kind));
  const find = (query: KindQuery) => orLookAgain(() => known(query));

  return {
    known,
    find,
    forKind: async (query) => {
      const found = await find(query);
      if (found) return found;
      const where =
        query.version === undefined
          ? `group "${query.group}"`
          : `version "${apiVersionOf({ group: query.group, version: query.version })}"`;
      throw failure('NotFound', `no matches for kind "${query.kind}" in ${where}: ensure CRDs are installed first`);
    },
    resolve: async (text) => {
      const found = await orLookAgain(() => resolveName(discovery!.resources, text));
      if (found) return found;
      throw failure('NotFound', `the server doesn't have a resource type "${text}"`);
    },
    resources: async () => (await current()).resources,
    preferred: async () => {
      const seen = new Set<string>();
      return (await current()).resources.filter(({ group, resource }) => {
        const id = `${group}/${resource}`;
        return !seen.has(id) && seen.add(id);
      });
    },
    unavailable: () => discovery?.unavailable ?? [],
    refresh,
  };
}
