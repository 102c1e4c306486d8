/** One informer: what the reflector tells, with this process's own writes laid over it, in a cache others read. */
import { keyOf } from '#kube/meta/key.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { parseLabelSelector } from '#kube/selector/labels.ts';
import type { WatchEvent } from '#kube/request/request.ts';
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { Clock } from '#world/clock/clock.ts';
import { turnsOf } from '#world/clock/turns.ts';
import type { Random } from '#world/random/random.ts';
import type { ResourceClient } from '../api-client.ts';
import { objectCache } from './cache.ts';
import { handlers } from './handlers.ts';
import { inbox } from './inbox.ts';
import type { Change, Informer, InformerHooks, InformerOptions } from './informer.ts';
import { overlay } from './overlay.ts';
import { startReflector } from './reflector.ts';
import { compareVersions } from './resource-version.ts';

export interface SharedInformerOptions<T extends KubeObject> {
  readonly ref: ResourceRef;
  readonly resource: Pick<ResourceClient<T>, 'list' | 'watch'>;
  readonly options: InformerOptions<T>;
  readonly clock: Clock;
  readonly random: Random;
  readonly hooks: InformerHooks;
}

const isOlder = (a: KubeObject, b: KubeObject) => (compareVersions(a.metadata.resourceVersion, b.metadata.resourceVersion) ?? 1) < 0;

const isSame = (a: KubeObject, b: KubeObject) =>
  a.metadata.uid === b.metadata.uid && compareVersions(a.metadata.resourceVersion, b.metadata.resourceVersion) === 0;

export function sharedInformer<T extends KubeObject>(settings: SharedInformerOptions<T>): Informer<T> {
  const { ref, resource, options, clock, random, hooks } = settings;
  const cache = objectCache<T>(ref.namespaced);
  const notes = overlay();
  const turns = turnsOf(clock);
  const handlerFailed = (error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error));
    hooks.handlerFailed?.(ref, error);
  };
  const listeners = handlers<T>(turns, handlerFailed);
  const incoming = inbox(turns, handlerFailed);
  const synced = Promise.withResolvers<void>();
  // Nobody may be waiting when it is stopped.
  synced.promise.catch(() => {});
  const selects = selectionOf(options);
  const trim = options.transform ? (object: T) => deepFreeze(options.transform!(object)) : (object: T) => deepFreeze(object);
  let isSynced = false;
  let failure: Error | undefined;
  /** The watch has told everything up to here. */
  let told: string | undefined;

  const put = (key: string, object: T, initial: boolean) => {
    const cached = cache.get(key);
    const kept = trim(object);
    cache.set(key, kept);
    if (!cached) listeners.emit({ type: 'added', object: kept, initial });
    else if (cached.metadata.uid === kept.metadata.uid) {
      listeners.emit({ type: 'updated', object: kept, old: cached, initial: false });
    } else {
      // Deleted and made anew between two looks: two objects, so two changes.
      listeners.emit({ type: 'deleted', object: cached, initial: false });
      listeners.emit({ type: 'added', object: kept, initial: false });
    }
  };

  const drop = (key: string, last: T) => {
    cache.remove(key);
    listeners.emit({ type: 'deleted', object: last, initial: false });
  };

  const take = (type: WatchEvent['type'], object: T) => {
    const key = keyOf(object);
    const cached = cache.get(key);
    if (type === 'DELETED') {
      notes.unbury(object.metadata.uid);
      if (!cached || isOlder(object, cached)) return;
      notes.confirmed(key);
      drop(key, trim(object));
      return;
    }
    if (notes.buried(object)) return;
    notes.unbury(object.metadata.uid);
    if (cached && isOlder(object, cached)) return;
    notes.confirmed(key);
    if (!cached || !isSame(object, cached)) put(key, object, false);
  };

  function* takeSnapshot(objects: readonly T[], revision: string, started: number): Iterator<void> {
    notes.listed();
    const present = new Set<string>();
    for (const object of objects) {
      const key = keyOf(object);
      present.add(key);
      const cached = cache.get(key);
      const stale = cached !== undefined && notes.wroteSinceListing(key) && isOlder(object, cached);
      if (!stale && !notes.buried(object) && !(cached && isSame(object, cached))) put(key, object, !isSynced);
      yield;
    }
    for (const key of cache.keys()) {
      const cached = cache.get(key);
      if (!cached || present.has(key)) continue;
      const newer = compareVersions(cached.metadata.resourceVersion, revision) ?? 1;
      if (!(notes.wroteSinceListing(key) && newer > 0)) drop(key, cached);
      yield;
    }
    told = revision;
    hooks.listed?.(ref, objects.length, clock.monotonic() - started);
    if (isSynced) return;
    isSynced = true;
    synced.resolve();
  }

  let listingSince = clock.monotonic();
  const reflector = startReflector<T>({
    resource,
    selection: { namespace: options.namespace, labelSelector: options.labelSelector, fieldSelector: options.fieldSelector },
    clock,
    random,
    target: {
      listing: () => {
        listingSince = clock.monotonic();
        notes.listing();
      },
      snapshot: (objects, revision) => {
        // A snapshot replaces whatever still waits.
        incoming.clear();
        incoming.add(() => takeSnapshot(objects, revision, listingSince));
      },
      change: (event, revision) =>
        incoming.add(() => {
          if (event) take(event.type, event.object);
          told = revision;
          return undefined;
        }),
      failed: (error, retryMs) => {
        failure = error;
        hooks.failed?.(ref, error, retryMs);
      },
      working: () => {
        failure = undefined;
      },
    },
  });

  const observe = (object: T, deleted = false) => {
    const key = keyOf(object);
    const cached = cache.get(key);
    if (deleted) {
      notes.bury(object, clock.now());
      if (cached && cached.metadata.uid === object.metadata.uid) drop(key, trim(object));
      return;
    }
    if (cached ? isOlder(object, cached) || isSame(object, cached) : alreadyTold(object) || notes.buried(object)) return;
    const belongs = selects(object, cached !== undefined);
    if (!belongs && !cached) return;
    notes.wrote(key);
    if (belongs) put(key, object, false);
    else drop(key, trim(object));
  };

  /** The watch is past this state and the object is not there: it was deleted since. */
  const alreadyTold = (object: T) =>
    told !== undefined && (compareVersions(object.metadata.resourceVersion, told) ?? 1) <= 0;

  return {
    resource: ref,
    synced: () => isSynced,
    whenSynced: () => synced.promise,
    get: cache.get,
    list: cache.list,
    byIndex: cache.byIndex,
    addIndex: cache.addIndex,
    onChange: (handler: (change: Change<T>) => void) => listeners.add(handler, cache.list()),
    observe,
    lastError: () => failure,
    stop: () => {
      synced.reject(new Error(`the informer for ${ref.resource} was stopped before its first list had come`));
      reflector.stop();
      incoming.clear();
      listeners.clear();
    },
  };
}

/** Whether a write's answer belongs to the informer's selection; a field selector is taken on trust for what is cached. */
function selectionOf<T extends KubeObject>({ namespace, labelSelector, fieldSelector }: InformerOptions<T>) {
  const labels = labelSelector ? parseLabelSelector(labelSelector) : undefined;
  return (object: KubeObject, cached: boolean): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (labels === undefined || labels.matches(object.metadata.labels)) &&
    (!fieldSelector || cached);
}
