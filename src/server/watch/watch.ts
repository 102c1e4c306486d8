/** Watch: from a revision on, or from the state now; in order, narrowed by selectors, resumable. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { WatchEvent, WatchHandle, WatchSink } from '#kube/request/request.ts';
import { expired } from '#kube/status/errors.ts';
import { isReason } from '#kube/status/status.ts';
import type { Registry, Scope } from '../registry/context.ts';
import { readable } from '../registry/kinds/remote.ts';
import { fromStorage } from '../registry/kinds/served.ts';
import { checkWatchOptions, parseRevision } from '../registry/read/revision.ts';
import { selectionOf } from '../registry/read/selection.ts';
import type { StoredChange } from '../storage/store.ts';
import { bookmark, eventFor, eventOf } from './events.ts';
import type { Watcher, WatchHub } from './hub.ts';

/** Objects of the initial state handed over before other work gets a turn: at 5 µs for a first conversion, 5 ms. */
const eventsPerTurn = 1_000;

/**
 * Changes that may wait while the initial state goes out: at 3 kB for each old version they keep alive, 24 MiB.
 * Beyond it the watch ends with 410 and the client lists again.
 */
export const waitingChanges = 8_192;

/** Rejects with BadRequest, Invalid or Timeout; a revision that is too old ends the watch with Expired instead. */
export async function watch(registry: Registry, hub: WatchHub, scope: Scope, sink: WatchSink): Promise<WatchHandle> {
  const { options } = scope.request;
  checkWatchOptions(options);
  const wanted = parseRevision(options.resourceVersion);
  const session = new WatchSession(registry, hub, scope, sink);
  const withState = options.sendInitialEvents ?? wanted === undefined;
  if (withState) await session.startWithState();
  else session.startAfter(wanted ?? registry.storage.revision());
  return { stop: () => session.stop() };
}

class WatchSession implements Watcher {
  readonly served;
  readonly #registry: Registry;
  readonly #hub: WatchHub;
  readonly #scope: Scope;
  readonly #sink: WatchSink;
  readonly #matches: ((object: KubeObject) => boolean) | undefined;
  readonly #name: string | undefined;
  /** Changes kept back while the initial state goes out. */
  #waiting: StoredChange[] | undefined;
  #told = 0;
  #stopped = false;
  #converting = 0;
  #queue: Promise<void> = Promise.resolve();
  #release: () => void = () => {};

  constructor(registry: Registry, hub: WatchHub, scope: Scope, sink: WatchSink) {
    const { matches, name } = selectionOf(scope);
    this.served = scope.served;
    this.#registry = registry;
    this.#hub = hub;
    this.#scope = scope;
    this.#sink = sink;
    this.#matches = matches;
    this.#name = name;
  }

  /** Of a version that has not been reached nothing is told until it is. */
  startAfter(wanted: number): void {
    this.#told = wanted;
    const revision = Math.min(wanted, this.#registry.storage.revision());
    const { storage, world } = this.#registry;
    const selection = { space: storage.space, resource: this.served.storageResource };
    try {
      const { stop } = storage.watch(selection, revision, (change) => this.#receive(change));
      const { timeoutSeconds } = this.#scope.request.options;
      const timer = timeoutSeconds ? world.clock.after(timeoutSeconds * 1_000, () => this.end()) : undefined;
      this.#release = () => {
        stop();
        timer?.cancel();
      };
      this.#hub.add(this);
    } catch (error) {
      if (!isReason(error, 'Expired')) throw error;
      this.#stopped = true;
      this.#sink.end(error);
    }
  }

  /** Every object there is as ADDED, then, for a streaming list, the bookmark that says so. */
  async startWithState(): Promise<void> {
    const { storage, world } = this.#registry;
    const prepared = storage.prepare(this.served.storageResource, this.#scope.namespace || undefined);
    if (prepared) await prepared;
    const { items, revision } = storage.list(this.served.storageResource, this.#scope.namespace || undefined);
    this.#waiting = [];
    this.startAfter(revision);
    let handedOver = 0;
    const waiting = readable(this.served, items);
    if (waiting && !(await this.#converted(waiting))) return;
    for (const stored of items) {
      if (this.#stopped) return;
      const object = fromStorage(this.served, stored);
      if (this.#selects(object.metadata.name) && (!this.#matches || this.#matches(object))) {
        this.#sink.event(eventOf('ADDED', object));
      }
      if (++handedOver % eventsPerTurn === 0) await new Promise<void>((resolve) => world.clock.soon(resolve));
    }
    const { sendInitialEvents, allowWatchBookmarks } = this.#scope.request.options;
    if (sendInitialEvents && allowWatchBookmarks) this.#send(bookmark(this.served, revision, true));
    this.#catchUp();
  }

  #catchUp(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const change of waiting) this.#deliver(change);
  }

  #receive(change: StoredChange): void {
    if (this.#stopped) return;
    if (!this.#waiting) {
      this.#deliver(change);
      return;
    }
    this.#waiting.push(change);
    if (this.#waiting.length > waitingChanges) {
      this.#finish(
        expired(
          `too many changes while the initial state was sent: list and watch ${this.served.definition.resource} again`,
        ),
      );
    }
  }

  /** Whether conversion elsewhere went well; the watch ends with what is said where it did not. */
  async #converted(waiting: Promise<void>): Promise<boolean> {
    try {
      await waiting;
      return !this.#stopped;
    } catch (error) {
      this.#finish(error as Error);
      return false;
    }
  }

  /** Changes of a kind that is converted elsewhere wait for that, and for those before them. */
  #deliver(change: StoredChange): void {
    const { remote } = this.served.conversion ?? {};
    if (!remote) {
      this.#tell(change);
      return;
    }
    if (++this.#converting > waitingChanges) {
      this.#finish(expired('too many changes wait for the conversion webhook: list and watch again'));
      return;
    }
    const objects = change.previous ? [change.object, change.previous] : [change.object];
    this.#queue = this.#queue.then(async () => {
      this.#converting--;
      if (this.#stopped) return;
      const waiting = remote.read(objects);
      if (!waiting || (await this.#converted(waiting))) this.#tell(change);
    });
  }

  #tell(change: StoredChange): void {
    if (change.revision <= this.#told) return;
    this.#told = change.revision;
    const { namespace } = this.#scope;
    if (namespace !== '' && change.key.namespace !== namespace) return;
    if (!this.#selects(change.key.name)) return;
    const event = eventFor(this.served, change, this.#matches);
    if (event) this.#send(event);
  }

  #selects(name: string | undefined): boolean {
    return this.#name === undefined || this.#name === name;
  }

  #send(event: WatchEvent): void {
    if (!this.#stopped) this.#sink.event(event);
  }

  progress(revision: number): void {
    if (this.#waiting || this.#converting > 0 || !this.#scope.request.options.allowWatchBookmarks) return;
    this.#told = Math.max(this.#told, revision);
    this.#send(bookmark(this.served, this.#told));
  }

  end(): void {
    this.#finish(undefined);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#release();
    this.#hub.remove(this);
  }

  #finish(error: Error | undefined): void {
    if (this.#stopped) return;
    this.stop();
    this.#sink.end(error);
  }
}
