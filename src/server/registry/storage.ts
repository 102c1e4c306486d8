/**
 * One cluster's part of the store, in the registry's words: failures become Status errors, and whoever must know of a
 * change before the write is answered (allocators, CustomResourceDefinitions, webhook configurations) is told here.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import { alreadyExists, notFound, staleResourceVersion } from '#kube/status/errors.ts';
import type { ListPage, Store, StoreKey } from '../storage/store.ts';
import type { ServedKind } from './kinds/served.ts';

export interface Commit {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** The stored form after the change; on deletion the last state. */
  readonly object: KubeObject;
  readonly old: KubeObject | undefined;
  readonly deleted: boolean;
}

export type CommitListener = (commit: Commit) => void;

/** Where an object is kept. */
export interface Place {
  readonly served: ServedKind;
  readonly namespace: string;
  readonly name: string;
}

export interface Storage {
  readonly space: string;
  readonly get: (place: Place) => KubeObject | undefined;
  readonly create: (place: Place, object: KubeObject) => KubeObject;
  /** Throws Conflict when the stored object is no longer `old`. */
  readonly update: (place: Place, object: KubeObject, old: KubeObject) => KubeObject;
  /** Throws Conflict when the stored object is no longer `old`. */
  readonly delete: (place: Place, old: KubeObject) => KubeObject;
  /** By the resource's stored name. */
  readonly find: (resource: string, namespace: string, name: string) => KubeObject | undefined;
  readonly list: (resource: string, namespace: string | undefined, page?: Parameters<Store['list']>[1]) => ListPage;
  /** To be awaited before a list when it answers a promise: objects left on disk at start are read in slices. */
  readonly prepare: (resource: string, namespace: string | undefined) => Promise<void> | undefined;
  readonly count: (resource: string) => number;
  readonly revision: () => number;
  readonly durable: (revision: number) => Promise<void>;
  readonly held: Store['held'];
  readonly watch: Store['watch'];
  /** Listeners run within the write's own call, in the order they were added; they must not throw. */
  readonly onCommit: (resource: string, listener: CommitListener) => void;
}

export const revisionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion);

export function storageOf(store: Store, space: string): Storage {
  const listeners = new Map<string, CommitListener[]>();
  const keyOf = ({ served, namespace, name }: Place): StoreKey => ({
    space,
    resource: served.storageResource,
    namespace,
    name,
  });
  const tell = (place: Place, object: KubeObject, old: KubeObject | undefined, deleted: boolean) => {
    const concerned = listeners.get(place.served.storageResource);
    if (!concerned) return;
    const commit = {
      resource: place.served.storageResource,
      namespace: place.namespace,
      name: place.name,
      object,
      old,
      deleted,
    };
    for (const listener of concerned) listener(commit);
  };
  const refused = (place: Place, reason: 'exists' | 'missing' | 'stale') => {
    const ref = place.served.definition;
    if (reason === 'exists') return alreadyExists(ref, place.name);
    return reason === 'missing' ? notFound(ref, place.name) : staleResourceVersion(ref, place.name);
  };
  return {
    space,
    get: (place) => store.get(keyOf(place)),
    create: (place, object) => {
      const outcome = store.create(keyOf(place), object);
      if (!outcome.ok) throw refused(place, outcome.reason);
      tell(place, outcome.object, undefined, false);
      return outcome.object;
    },
    update: (place, object, old) => {
      const outcome = store.update(keyOf(place), object, revisionOf(old));
      if (!outcome.ok) throw refused(place, outcome.reason);
      tell(place, outcome.object, old, false);
      return outcome.object;
    },
    delete: (place, old) => {
      const outcome = store.delete(keyOf(place), revisionOf(old));
      if (!outcome.ok) throw refused(place, outcome.reason);
      tell(place, outcome.object, old, true);
      return outcome.object;
    },
    find: (resource, namespace, name) => store.get({ space, resource, namespace, name }),
    list: (resource, namespace, page) => store.list({ space, resource, ...(namespace ? { namespace } : {}) }, page),
    prepare: (resource, namespace) => store.prepare({ space, resource, ...(namespace ? { namespace } : {}) }),
    count: (resource) => store.count({ space, resource }),
    revision: store.revision,
    durable: store.durable,
    held: store.held,
    watch: (selection, fromRevision, receive) => store.watch(selection, fromRevision, receive),
    onCommit: (resource, listener) => {
      const known = listeners.get(resource);
      if (known) known.push(listener);
      else listeners.set(resource, [listener]);
    },
  };
}
