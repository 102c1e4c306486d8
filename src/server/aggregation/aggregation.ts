/**
 * APIServices of one API server put together: its own are kept, those of other API servers are watched over and passed
 * on to. What speaks to others is loaded with the first of them.
 */
import type { ServiceView } from '../discovery/groups.ts';
import type { ForeignDocuments } from '../openapi/openapi.ts';
import type { Registry } from '../registry/context.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import type { Storage } from '../registry/storage.ts';
import type { ApiService, ServiceReference } from './api-service.ts';
import { groupVersions } from './automanaged.ts';
import type { ClientPair } from './calls.ts';
import type { Forwarded } from './forwarding.ts';
import { followServices, resolved } from './lookout.ts';
import type { Outward } from './outward.ts';
import { keepOwnServices, type OwnServices } from './own.ts';
import { followRemotes, type Remote } from './remotes.ts';
import type { Address, Resolved } from './resolve.ts';
import { publishTrust, type Trust } from './trust.ts';

export interface AggregationOptions extends Trust {
  /** Shown to the API servers behind this one. */
  readonly client?: ClientPair;
  /** Services that are reached in another way than by their endpoints. */
  readonly resolve?: (service: ServiceReference) => Address | undefined;
}

export interface Aggregation {
  readonly view: ServiceView;
  readonly documents: ForeignDocuments;
  /** Every APIService, and whether it is available. */
  readonly availability: () => Iterable<readonly [name: string, available: boolean]>;
  /** The API server that a request is for, where it is another one. */
  readonly at: (pathname: string) => Remote | undefined;
  readonly serve: (remote: Remote, forwarded: Forwarded) => Promise<void>;
  /** Once the registry is there: keeps what is to be kept from now on. */
  readonly start: (registry: Registry) => Promise<void>;
  /** Breaks what is under way. */
  readonly endStreams: () => void;
  readonly stop: () => void;
}

/** Documents lie where their group version does, below this. */
const documentsRoot = '/openapi/v3';

const priorityOf = ({ spec }: ApiService) => ({ group: spec.groupPriorityMinimum, version: spec.versionPriority });

export function createAggregation(storage: Storage, kinds: KindRegistry, options: AggregationOptions): Aggregation {
  const builtIn = new Set(groupVersions(kinds.definitions()).keys());
  const remotes = followRemotes(storage);
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let loading: Promise<Outward> | undefined;
  let outward: Outward | undefined;
  let registry: Registry | undefined;
  let own: OwnServices | undefined;
  let stopped = false;

  const resolve = (remote: Remote): Resolved => {
    const address = options.resolve?.(remote.service);
    return address ? { addresses: [address] } : resolved(storage, remote);
  };

  const load = (of: Registry): Promise<Outward> =>
    (loading ??= import('./outward.ts').then(({ createOutward }) => {
      outward = createOutward({ registry: of, remotes, resolve, client: options.client, changed });
      if (stopped) outward.close();
      return outward;
    }));

  const look = (name: string) => {
    if (registry && !stopped) void load(registry).then(({ availability }) => availability.look(name));
  };
  followServices(storage, remotes, { changed, look, gone: (name) => outward?.catalogue.forget(name) });

  return {
    view: {
      priority: (group, version) => {
        const service = remotes.service(group, version);
        return service && priorityOf(service);
      },
      foreign: () =>
        remotes.all().map(({ name, group, version, object }) => ({
          group,
          version,
          priority: priorityOf(object),
          stale: true,
          ...outward?.catalogue.entry(name),
        })),
      onChange: (listener) => listeners.push(listener),
    },
    documents: {
      any: () => outward !== undefined && remotes.all().length > 0,
      v3: async () => (outward ? outward.catalogue.v3() : new Map()),
      v2: async () => (outward ? outward.catalogue.v2() : []),
    },
    availability: remotes.availability,
    at: (pathname) => remotes.at(pathname.startsWith(documentsRoot) ? pathname.slice(documentsRoot.length) : pathname),
    serve: async (remote, forwarded) => {
      if (registry) await (await load(registry)).forwarding.serve(remote, forwarded);
    },
    start: async (of) => {
      registry = of;
      own = keepOwnServices(of, remotes, builtIn);
      if (options.clientCa || options.frontProxyCa) await publishTrust(of, options);
      for (const { name } of remotes.all()) look(name);
    },
    endStreams: () => outward?.forwarding.endAll(),
    stop: () => {
      stopped = true;
      own?.stop();
      outward?.close();
    },
  };
}
