/** One informer: what the reflector tells, with this process's own writes laid over it, in a cache others read. */

import { keyOf } from '#kube/meta/key.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent } from '#kube/request/request.ts';
import { parseLabelSelector } from '#kube/selector/labels.ts';
import type { Clock } from '#world/clock/clock.ts';
import { turnsOf } from '#world/clock/turns.ts';
import type { Random } from '#world/random/random.ts';
import type { ResourceClient } from '../api-client.ts';
import { type ObjectCache, objectCache } from './cache.ts';
import { type Handlers, handlers } from './handlers.ts';
import { type Inbox, inbox } from './inbox.ts';
import type { Change, Informer, InformerHooks, InformerOptions } from './informer.ts';
import { loadingOf } from './loading.ts';
import { overlay } from './overlay.ts';
import { type ReflectorTarget, startReflector } from './reflector.ts';
import { compareVersions } from './resource-version.ts';

export interface SharedInformerOptions<T extends KubeObject> {
  readonly ref: ResourceRef;
  readonly resource: Pick<ResourceClient<T>, 'list' | 'watch'>;
  readonly options: InformerOptions<T>;
  readonly clock: Clock;
  readonly random: Random;
  readonly hooks: InformerHooks;
  /** It asks for nothing before; at once when absent. */
  readonly after?: Promise<void> | undefined;
  /** Its server takes turns with this process; see ApiClient. */
  readonly inProcess?: boolean | undefined;
}

const isOlder = (a: KubeObject, b: KubeObject) =>
  (compareVersions(a.metadata.resourceVersion, b.metadata.resourceVersion) ?? 1) < 0;

const isSame = (a: KubeObject, b: KubeObject) =>
  a.metadata.uid === b.metadata.uid && compareVersions(a.metadata.resourceVersion, b.metadata.resourceVersion) === 0;

export function sharedInformer<T extends KubeObject>(settings: SharedInformerOptions<T>): Informer<T> {
  const informer = new SharedInformer(settings);
  const { cache } = informer;
  return {
    resource: settings.ref,
    synced: () => informer.isSynced,
    whenSynced: () => informer.synced.promise,
    get: cache.get,
    list: cache.list,
    byIndex: cache.byIndex,
    addIndex: cache.addIndex,
    onChange: (handler: (change: Change<T>) => void) => informer.handlers.add(handler, cache.list()),
    observe: (object, deleted = false) => (deleted ? informer.observeDeletion(object) : informer.observe(object)),
    lastError: () => informer.failure,
    stop: () => informer.stop(),
  };
}

class SharedInformer<T extends KubeObject> {
  readonly cache: ObjectCache<T>;
  readonly handlers: Handlers<T>;
  readonly synced = Promise.withResolvers<void>();
  isSynced = false;
  failure: Error | undefined;
  private readonly settings: SharedInformerOptions<T>;
  private readonly notes = overlay();
  private readonly inbox: Inbox;
  private readonly selects: (object: KubeObject, cached: boolean) => boolean;
  private reflector: { readonly stop: () => void } | undefined;
  private stopped = false;
  /** The first list is there, or has failed: nobody is held back by it. */
  private loaded = () => {};
  private listingSince = 0;
  /** The watch has told everything up to here. */
  private told: string | undefined;

  constructor(settings: SharedInformerOptions<T>) {
    const turns = turnsOf(settings.clock);
    const failed = (error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
      settings.hooks.handlerFailed?.(settings.ref, error);
    };
    this.settings = settings;
    this.cache = objectCache<T>(settings.ref.namespaced);
    this.handlers = handlers<T>(turns, failed);
    this.inbox = inbox(turns, failed);
    this.selects = selectionOf(settings.options);
    // Nobody may be waiting when it is stopped.
    this.synced.promise.catch(() => {});
    if (settings.after) void settings.after.then(() => this.start());
    else this.start();
  }

  private start(): void {
    if (this.stopped) return;
    const { options, resource, clock, random } = this.settings;
    const { namespace, labelSelector, fieldSelector } = options;
    const selection = { namespace, labelSelector, fieldSelector };
    if (this.settings.inProcess) this.loaded = loadingOf(clock).begin();
    this.reflector = startReflector<T>({ resource, selection, clock, random, target: this.target() });
  }

  private target(): ReflectorTarget<T> {
    const { ref, clock, hooks } = this.settings;
    return {
      listing: () => {
        this.listingSince = clock.monotonic();
        this.notes.listing();
      },
      snapshot: (objects, revision) => {
        // A snapshot replaces whatever still waits.
        this.inbox.clear();
        // Of a server elsewhere this is all the work there is here: nobody is held back by its silence.
        if (!this.isSynced && !this.settings.inProcess) {
          this.loaded();
          this.loaded = loadingOf(clock).begin();
        }
        this.inbox.add(() => this.takeSnapshot(objects, revision));
      },
      change: (event, revision) =>
        this.inbox.add(() => {
          if (event) this.take(event.type, event.object);
          this.told = revision;
          return undefined;
        }),
      failed: (error, retryMs) => {
        this.failure = error;
        this.loaded();
        hooks.failed?.(ref, error, retryMs);
      },
      working: () => {
        this.failure = undefined;
      },
    };
  }

  private *takeSnapshot(objects: readonly T[], revision: string): Iterator<void> {
    const { cache, notes, settings } = this;
    notes.listed();
    const present = new Set<string>();
    for (const object of objects) {
      const key = keyOf(object);
      present.add(key);
      const cached = cache.get(key);
      const stale = cached !== undefined && notes.wroteSinceListing(key) && isOlder(object, cached);
      if (!stale && !notes.buried(object) && !(cached && isSame(object, cached))) this.put(key, object, !this.isSynced);
      yield;
    }
    for (const key of cache.keys()) {
      const cached = cache.get(key);
      if (!cached || present.has(key)) continue;
      const newer = compareVersions(cached.metadata.resourceVersion, revision) ?? 1;
      if (!(notes.wroteSinceListing(key) && newer > 0)) this.drop(key, cached);
      yield;
    }
    this.told = revision;
    settings.hooks.listed?.(settings.ref, objects.length, settings.clock.monotonic() - this.listingSince);
    this.isSynced = true;
    this.loaded();
    this.synced.resolve();
  }

  private take(type: WatchEvent['type'], object: T): void {
    const { notes } = this;
    const key = keyOf(object);
    const cached = this.cache.get(key);
    if (type !== 'DELETED' && notes.buried(object)) return;
    notes.unbury(object.metadata.uid);
    if (cached && isOlder(object, cached)) return;
    notes.confirmed(key);
    if (type !== 'DELETED') {
      if (!cached || !isSame(object, cached)) this.put(key, object, false);
    } else if (cached) this.drop(key, this.trim(object));
  }

  observe(object: T): void {
    const key = keyOf(object);
    const cached = this.cache.get(key);
    if (cached ? isOlder(object, cached) || isSame(object, cached) : this.alreadyTold(object)) return;
    if (this.notes.buried(object)) return;
    const belongs = this.selects(object, cached !== undefined);
    if (!belongs && !cached) return;
    if (belongs) {
      this.notes.unbury(object.metadata.uid);
      this.notes.wrote(key);
      this.put(key, object, false);
    } else {
      this.notes.bury(object, this.settings.clock.now(), true);
      this.drop(key, this.trim(object));
    }
  }

  observeDeletion(object: T): void {
    this.notes.bury(object, this.settings.clock.now());
    const key = keyOf(object);
    if (this.cache.get(key)?.metadata.uid === object.metadata.uid) this.drop(key, this.trim(object));
  }

  /** The watch is past this state and the object is not there: it was deleted since. */
  private alreadyTold(object: T): boolean {
    if (this.told === undefined) return false;
    return (compareVersions(object.metadata.resourceVersion, this.told) ?? 1) <= 0;
  }

  private put(key: string, object: T, initial: boolean): void {
    const cached = this.cache.get(key);
    const kept = this.trim(object);
    this.cache.set(key, kept);
    if (!cached) this.handlers.emit({ type: 'added', object: kept, initial });
    else if (cached.metadata.uid === kept.metadata.uid) {
      this.handlers.emit({ type: 'updated', object: kept, old: cached, initial: false });
    } else {
      // Deleted and made anew between two looks: two objects, so two changes.
      this.handlers.emit({ type: 'deleted', object: cached, initial: false });
      this.handlers.emit({ type: 'added', object: kept, initial: false });
    }
  }

  private drop(key: string, last: T): void {
    this.cache.remove(key);
    this.handlers.emit({ type: 'deleted', object: last, initial: false });
  }

  private trim(object: T): T {
    const { transform } = this.settings.options;
    // What it holds is frozen by the store where tests look for whoever changes it: going down each object costs a start 6 %.
    return Object.freeze(transform ? transform(object) : object);
  }

  stop(): void {
    const { resource } = this.settings.ref;
    this.synced.reject(new Error(`the informer for ${resource} was stopped before its first list had come`));
    this.stopped = true;
    this.loaded();
    this.reflector?.stop();
    this.inbox.clear();
    this.handlers.clear();
  }
}

/** Whether a write's answer belongs to the informer's selection; a field selector is taken on trust for what is cached. */
function selectionOf<T extends KubeObject>({ namespace, labelSelector, fieldSelector }: InformerOptions<T>) {
  const labels = labelSelector ? parseLabelSelector(labelSelector) : undefined;
  return (object: KubeObject, cached: boolean): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (labels === undefined || labels.matches(object.metadata.labels)) &&
    (!fieldSelector || cached);
}
