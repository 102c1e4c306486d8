/** What the API servers behind this one serve, and their OpenAPI documents: asked for, kept a while, merged into ours. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { isAvailable } from './api-service.ts';
import type { Calls } from './calls.ts';
import { aggregatedFrom } from './legacy-discovery.ts';
import { ofGroupVersion } from './openapi-part.ts';
import type { Remote, Remotes } from './remotes.ts';
import type { Address, Resolved } from './resolve.ts';

interface Entry {
  readonly resources?: readonly JsonObject[];
  readonly stale: boolean;
}

export interface Catalogue {
  readonly entry: (name: string) => Entry | undefined;
  /** After a look at whether it answers. */
  readonly looked: (remote: Remote, address: Address | undefined) => Promise<void>;
  readonly forget: (name: string) => void;
  /** Path -> hash of documents of OpenAPI v3. */
  readonly v3: () => Promise<ReadonlyMap<string, string>>;
  /** Parts of OpenAPI v2. */
  readonly v2: () => Promise<readonly JsonObject[]>;
}

export interface CatalogueOptions {
  readonly remotes: Remotes;
  readonly resolve: (remote: Remote) => Resolved;
  readonly calls: Calls;
  readonly clock: Clock;
  readonly changed: () => void;
}

/** Documents of others are asked for again after this long. */
const keptMs = 30_000;

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

const pathOf = ({ group, version }: Remote) => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

function parsed(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}

export function createCatalogue({ remotes, resolve, calls, clock, changed }: CatalogueOptions): Catalogue {
  const entries = new Map<string, Entry>();

  const set = (name: string, entry: Entry): void => {
    const old = entries.get(name);
    if (old?.stale === entry.stale && JSON.stringify(old.resources) === JSON.stringify(entry.resources)) return;
    entries.set(name, entry);
    changed();
  };

  const looked: Catalogue['looked'] = async (remote, address) => {
    const resources = address && (await resourcesOf(remote, address, calls).catch(() => undefined));
    if (!remotes.byName(remote.name)) return;
    const known = entries.get(remote.name)?.resources;
    if (resources) set(remote.name, { resources, stale: false });
    else set(remote.name, { ...(known ? { resources: known } : {}), stale: true });
  };

  /** Of each that answers now; one that fails is left out. */
  const fromAll = async <T>(
    ask: (remote: Remote, address: Address) => Promise<T | undefined>,
  ): Promise<readonly T[]> => {
    const asked = remotes.all().map(async (remote) => {
      const resolved = resolve(remote);
      if (!isAvailable(remote.object) || 'reason' in resolved) return undefined;
      return ask(remote, resolved.addresses[0]!).catch(() => undefined);
    });
    return (await Promise.all(asked)).filter((each) => each !== undefined);
  };

  const keptFor = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let known: { readonly at: number; readonly value: Promise<T> } | undefined;
    return () => {
      const now = clock.monotonic();
      if (!known || now - known.at > keptMs) known = { at: now, value: make() };
      return known.value;
    };
  };

  const v3 = keptFor(async () => {
    const found = await fromAll(async (remote, address) => {
      const index = parsed((await calls.get(remote, address, '/openapi/v3')).text);
      const paths = (index?.paths ?? {}) as unknown as Record<string, { serverRelativeURL?: string }>;
      const url = paths[pathOf(remote)]?.serverRelativeURL;
      const hash = url === undefined ? null : new URLSearchParams(url.split('?')[1]).get('hash');
      return hash === null ? undefined : ([pathOf(remote), hash] as const);
    });
    return new Map(found);
  });

  const v2 = keptFor(() =>
    fromAll(async (remote, address) => {
      const document = parsed((await calls.get(remote, address, '/openapi/v2')).text);
      return document && ofGroupVersion(document, `/${pathOf(remote)}/`);
    }),
  );

  return {
    entry: (name) => entries.get(name),
    looked,
    forget: (name) => {
      if (entries.delete(name)) changed();
    },
    v3,
    v2,
  };
}

/** As aggregated discovery has them, whatever the server can tell. */
async function resourcesOf(remote: Remote, address: Address, calls: Calls): Promise<readonly JsonObject[] | undefined> {
  const { group, version } = remote;
  const root = group === '' ? '/api' : '/apis';
  const whole = await calls.get(remote, address, root, { accept: aggregatedType });
  const list = whole.status === 200 ? parsed(whole.text) : undefined;
  if (list?.kind === 'APIGroupDiscoveryList') {
    const items = (list.items ?? []) as unknown as readonly {
      metadata?: { name?: string };
      versions?: readonly { version: string; resources?: readonly JsonObject[] }[];
    }[];
    const found = items.find(({ metadata }) => (metadata?.name ?? '') === group);
    return found?.versions?.find((each) => each.version === version)?.resources ?? [];
  }
  const plain = await calls.get(remote, address, `/${pathOf(remote)}`);
  const resources = plain.status === 200 ? parsed(plain.text)?.resources : undefined;
  return Array.isArray(resources) ? aggregatedFrom(group, version, resources as readonly JsonValue[]) : undefined;
}
