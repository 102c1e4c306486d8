/**
 * Every resource the API server serves, with an informer each, kept up with its discovery: what the garbage collector
 * and the namespace controller look at.
 */
import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Change, Informer, InformerFactory } from '#client/informer/informer.ts';
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import { apiVersionOf, type ResourceRef } from '#kube/meta/kind.ts';
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

/** What is gone is let go after this long: the end of its objects is still told after that of their definition. */
const goneMs = 10_000;

const pathOf = ({ group, version, resource }: ResourceRef) => `${group}/${version}/${resource}`;

/** Told, or gone since discovery listed it. */
const isKnown = (informer: Informer<KubeObject>): boolean =>
  informer.synced() || isReason(informer.lastError(), 'NotFound');

/** What is followed at present, and who hears of it. */
function followedResources(options: ServedResourcesOptions) {
  const byId = new Map<string, ServedResource>();
  const byKind = new Map<string, ServedResource>();
  /** Not yet known to have told all. */
  const untold = new Set<ServedResource>();
  const listeners: OnChange[] = [];
  const tell = (served: ServedResource, listener: OnChange) =>
    served.resource.informer.onChange((change) => listener(served, change));
  return {
    byId,
    byKind,
    isHeard: () => listeners.length > 0,
    add: (ref: DiscoveredResource) => {
      const id = `${ref.group}/${ref.resource}`;
      if (byId.has(id) || !isFollowed(ref)) return;
      const served: ServedResource = { id, ref, resource: managedResource<KubeObject>(options, ref) };
      byId.set(id, served);
      byKind.set(`${ref.group}/${ref.kind}`, served);
      untold.add(served);
      for (const listener of listeners) tell(served, listener);
    },
    remove: (served: ServedResource) => {
      byId.delete(served.id);
      byKind.delete(`${served.ref.group}/${served.ref.kind}`);
      untold.delete(served);
      served.resource.informer.stop();
    },
    listen: (listener: OnChange) => {
      listeners.push(listener);
      for (const served of byId.values()) tell(served, listener);
    },
    /** What has once been told stays so: only resources that came since are asked again. */
    allTold: (): boolean => {
      for (const served of untold) if (isKnown(served.resource.informer)) untold.delete(served);
      return untold.size === 0;
    },
  };
}

type Followed = ReturnType<typeof followedResources>;

/**
 * Lets go of what is served no longer: what is served in another version only at once, to be followed in that; what is
 * gone after a while. An API whose server does not answer is not gone. Answers whether some are still waited for.
 */
function lettingGo({ mapper, clock }: ServedResourcesOptions, { byId, remove }: Followed): () => Promise<boolean> {
  /** Since when, of those that are followed and not served. */
  const gone = new Map<string, number>();
  return async () => {
    const all = await mapper.resources();
    const paths = new Set(all.map(pathOf));
    const ids = new Set(all.map(({ group, resource }) => `${group}/${resource}`));
    const silent = new Set(mapper.unavailable());
    const now = clock.monotonic();
    for (const served of byId.values()) {
      const { id, ref } = served;
      const since = gone.get(id) ?? now;
      gone.delete(id);
      if (paths.has(pathOf(ref)) || silent.has(apiVersionOf(ref))) continue;
      if (ids.has(id) || now - since >= goneMs) remove(served);
      else gone.set(id, since);
    }
    return gone.size > 0;
  };
}

export function servedResources(options: ServedResourcesOptions): ServedResources {
  const { informers, mapper, clock } = options;
  const followed = followedResources(options);
  const letGo = lettingGo(options, followed);
  let looked = false;

  const looking = looks({
    clock,
    // Informers that were stopped have nobody to look for.
    isWanted: () => informers.informers().length > 0,
    look: async (refresh) => {
      if (refresh) await mapper.refresh();
      const waitsForEnd = await letGo();
      for (const ref of await mapper.preferred()) followed.add(ref);
      looked = true;
      if (waitsForEnd) return goneMs;
      return mapper.unavailable().length > 0 ? awayMs : undefined;
    },
  });

  const start = () => {
    looking.first();
    // A kind is served once its definition is established: the change that says so brings a new look.
    informers.informer(CustomResourceDefinitions).onChange(({ initial, object: { spec } }) => {
      if (!initial || !followed.byId.has(`${spec.group}/${spec.names.plural}`)) looking.again();
    });
  };

  return {
    follow: (onChange) => {
      if (!followed.isHeard()) start();
      followed.listen(onChange);
    },
    find: (id) => followed.byId.get(id),
    ofKind: (group, kind) => followed.byKind.get(`${group}/${kind}`),
    all: () => [...followed.byId.values()],
    complete: () => looked && followed.allTold(),
  };
}

interface LooksOptions {
  readonly clock: Clock;
  /** Answers after how many milliseconds there may be something else to see; undefined: when it is asked for. */
  readonly look: (refresh: boolean) => Promise<number | undefined>;
  readonly isWanted: () => boolean;
}

/** One look at a time; what is asked for meanwhile is one more afterwards. What failed is tried again. */
function looks({ clock, look, isWanted }: LooksOptions) {
  let looking: Promise<void> | undefined;
  let more = false;
  let waiting = false;

  const lookOnce = async (refresh: boolean) => {
    const waitMs = await look(refresh);
    if (waitMs === undefined || waiting) return;
    waiting = true;
    clock.after(waitMs, () => {
      waiting = false;
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
