/**
 * Every resource the API server serves, with an informer each, kept up with its discovery: what the garbage collector
 * and the namespace controller look at.
 */
import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Change, Informer, InformerFactory } from '#client/informer/informer.ts';
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import { managedResource } from './resources.ts';

export interface ServedResource {
  /** `apps/deployments`: the same for every version of the resource. */
  readonly id: string;
  readonly ref: DiscoveredResource;
  readonly resource: CachedResource<KubeObject>;
}

type OnChange = (served: ServedResource, change: Change<KubeObject>) => void;

export interface ServedResources {
  /** Begins to look, if nobody has yet; `onChange` hears of every object of every resource. */
  readonly follow: (onChange: OnChange) => void;
  readonly find: (id: string) => ServedResource | undefined;
  /** Of whichever version; undefined for what is not served, or not yet known to be. */
  readonly ofKind: (group: string, kind: string) => ServedResource | undefined;
  readonly all: () => readonly ServedResource[];
  /** Every resource that is served has told all its objects: what is not in the caches is not there. */
  readonly complete: () => boolean;
}

export interface ServedResourcesOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly mapper: RestMapper;
  readonly clock: Clock;
}

/** Events end by themselves, own nothing and are many. */
const isFollowed = ({ resource, verbs }: DiscoveredResource): boolean =>
  resource !== 'events' && verbs.includes('list') && verbs.includes('watch') && verbs.includes('delete');

/** A look at discovery that failed is tried again after this long. */
const retryMs = 1_000;
/** Groups whose server was away at the last look are looked for again, as often as Kubernetes does. */
const awayMs = 30_000;

/** Told, or gone since discovery listed it. */
const isKnown = (informer: Informer<KubeObject>): boolean =>
  informer.synced() || isReason(informer.lastError(), 'NotFound');

export function servedResources(options: ServedResourcesOptions): ServedResources {
  const { informers, mapper, clock } = options;
  const byId = new Map<string, ServedResource>();
  const byKind = new Map<string, ServedResource>();
  const listeners: OnChange[] = [];
  let looked = false;
  let told = 0;

  const add = (ref: DiscoveredResource) => {
    const id = `${ref.group}/${ref.resource}`;
    if (byId.has(id) || !isFollowed(ref)) return;
    const served: ServedResource = { id, ref, resource: managedResource<KubeObject>(options, ref) };
    byId.set(id, served);
    byKind.set(`${ref.group}/${ref.kind}`, served);
    for (const listener of listeners) served.resource.informer.onChange((change) => listener(served, change));
  };

  const looking = looks({
    clock,
    // Informers that were stopped have nobody to look for.
    isWanted: () => informers.informers().length > 0,
    look: async (refresh) => {
      if (refresh) await mapper.refresh();
      for (const ref of await mapper.preferred()) add(ref);
      looked = true;
      return mapper.unavailable().length === 0;
    },
  });

  const start = () => {
    looking.first();
    // A kind is served once its definition is established: the change that says so brings a new look.
    informers.informer(CustomResourceDefinitions).onChange(({ initial, object: { spec } }) => {
      if (!initial || !byId.has(`${spec.group}/${spec.names.plural}`)) looking.again();
    });
  };

  return {
    follow: (onChange) => {
      if (listeners.length === 0) start();
      listeners.push(onChange);
      for (const served of byId.values()) served.resource.informer.onChange((change) => onChange(served, change));
    },
    find: (id) => byId.get(id),
    ofKind: (group, kind) => byKind.get(`${group}/${kind}`),
    all: () => [...byId.values()],
    complete: () => {
      if (!looked) return false;
      // What has once been told stays so: only resources that came since are asked again.
      if (told < byId.size && [...byId.values()].every(({ resource }) => isKnown(resource.informer))) told = byId.size;
      return told === byId.size;
    },
  };
}

interface LooksOptions {
  readonly clock: Clock;
  /** Answers whether all was there. */
  readonly look: (refresh: boolean) => Promise<boolean>;
  readonly isWanted: () => boolean;
}

/** One look at a time; what is asked for meanwhile is one more afterwards. What failed is tried again. */
function looks({ clock, look, isWanted }: LooksOptions) {
  let looking: Promise<void> | undefined;
  let more = false;
  let waitsForAway = false;

  const lookOnce = async (refresh: boolean) => {
    if ((await look(refresh)) || waitsForAway) return;
    waitsForAway = true;
    clock.after(awayMs, () => {
      waitsForAway = false;
      void lookLater(0);
    });
  };

  const lookNow = (refresh: boolean): Promise<void> => {
    if (looking) {
      more = true;
      return looking;
    }
    looking = lookOnce(refresh).finally(() => {
      looking = undefined;
      if (more) void lookLater(0);
      more = false;
    });
    return looking;
  };

  const lookLater = async (afterMs: number): Promise<void> => {
    if (afterMs > 0) await new Promise<void>((resolve) => clock.after(afterMs, resolve));
    if (isWanted()) await lookNow(true).catch(() => lookLater(retryMs));
  };

  return {
    first: () => void lookNow(false).catch(() => lookLater(retryMs)),
    again: () => void lookLater(0),
  };
}
