/**
 * The store in memory: the working copy that serves every read and orders every write. Alone it is the driver of
 * simulations and `--ephemeral`; with a journal behind it, it is durable.
 */
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { badRequest, expired, serviceUnavailable } from '#kube/status/errors.ts';
import { failure } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { HeapUse } from '#world/process/heap.ts';
import { ChangeLog } from './change-log.ts';
import { Delivery } from './delivery.ts';
import { Expiry } from './expiry.ts';
import { type Journal, journalKeyOf, type SpaceDirectory, tableKeyOf } from './journal.ts';
import { keepFieldsAsText } from './kept-fields.ts';
import {
  allWindowChanges,
  eventLifetimeMs,
  eventsPerNamespace,
  nameLength,
  windowAgeMs,
  windowChanges,
  windowSweepMs,
} from './limits.ts';
import { listAt, listNow } from './listing.ts';
import { recover } from './recovery.ts';
import { Room } from './room.ts';
import { Slices } from './slices.ts';
import { type EphemeralPolicies, Spaces } from './spaces.ts';
import type { ListPage, Store, StoredChange, StoreKey, WriteOutcome } from './store.ts';
import type { Entry, Table } from './table.ts';
import { WriteBehind } from './write-behind.ts';

export interface StoreOptions {
  readonly clock: Clock;
  /** Deep-freezes all that is stored: tests turn it on to find whoever changes a shared object. */
  readonly freeze?: boolean;
  /** Resources that end by themselves, by name; events when not given. */
  readonly ephemeral?: EphemeralPolicies;
  /** Bounds of the change windows; see limits.ts. */
  readonly windows?: { readonly each: number; readonly all: number };
  /** Nothing is created while it is nearly full; there is always room when not given. */
  readonly heap?: () => HeapUse;
  /** Gets what a watcher threw. Thrown in a turn of its own when not given. */
  readonly onError?: (error: unknown) => void;
}

/** One storage is behind both kinds of Event. */
const events = { lifetimeMs: eventLifetimeMs, perNamespace: eventsPerNamespace };
const defaultEphemeral: EphemeralPolicies = { events };

/** Objects handled between two looks at the clock: 64 of 20 µs. */
const objectsPerLook = 64;

const done = Promise.resolve();

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

const withRevision = (object: KubeObject, revision: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

class WorkingCopy implements Store {
  private readonly clock: Clock;
  private readonly freeze: boolean;
  private readonly tables: Spaces;
  private readonly log: ChangeLog;
  private readonly delivery: Delivery;
  private readonly expiry: Expiry;
  private readonly journal: Journal | undefined;
  private readonly behind: WriteBehind | undefined;
  private readonly room: Room;
  private newest: number;
  private closed = false;

  constructor(options: StoreOptions, journal?: Journal) {
    const { clock, windows = { each: windowChanges, all: allWindowChanges } } = options;
    const directory: SpaceDirectory = journal?.state?.directory ?? { spaces: [], droppedAt: 0 };
    this.clock = clock;
    this.freeze = options.freeze ?? false;
    this.tables = new Spaces(options.ephemeral ?? defaultEphemeral, directory);
    this.log = new ChangeLog(clock, { ageMs: windowAgeMs, sweepMs: windowSweepMs, ...windows });
    this.delivery = new Delivery(clock, options.onError ?? throwLater);
    this.expiry = new Expiry(clock, (table, namespace, name) => this.expire(table, namespace, name));
    this.room = new Room(clock, options.heap);
    this.journal = journal;
    // After a crash, revisions given out but not written are never given out again.
    this.newest = journal?.state?.reserved ?? 0;
    this.behind = journal && new WriteBehind(clock, journal, this.newest, directory);
  }

  /** Finds out what is on disk; to be called once, before anything else. */
  async load(): Promise<void> {
    const { journal, behind } = this;
    if (!journal || !behind) return;
    const garbage = await recover(journal, this.tables);
    for (const table of this.tables.all()) {
      if (!table.ephemeral) continue;
      table.sortByAge();
      this.expiry.track(table);
    }
    behind.discard(garbage.keys, garbage.tableKeys);
    await behind.open();
  }

  /** Lays objects down as they are; to be called once, before anything else. */
  restore(records: Iterable<RestoredRecord>): void {
    for (const { key, object } of records) {
      const table = this.tableFor(key.space, key.resource);
      if (table.get(key.namespace, key.name)) continue;
      const told = Number(object.metadata.resourceVersion);
      const revision = Number.isSafeInteger(told) && told > 0 ? told : this.newest + 1;
      this.newest = Math.max(this.newest, revision);
      table.insert(key.namespace, {
        name: key.name,
        object: this.own(withRevision(object, revision)),
        revision,
        writtenAt: 0,
      });
    }
  }

  readonly create = (key: StoreKey, object: KubeObject): WriteOutcome => {
    this.checkWritable();
    if (key.name.length > nameLength || key.namespace.length > nameLength || key.namespace.includes(' ')) {
      throw badRequest(`the name of ${key.resource} must be no more than ${nameLength} characters`);
    }
    const table = this.tableFor(key.space, key.resource);
    if (table.get(key.namespace, key.name)) return { ok: false, reason: 'exists' };
    const refusal = this.room.refusal();
    if (refusal) throw refusal;
    const revision = ++this.newest;
    const stored = this.own(withRevision(object, revision));
    const entry: Entry = { name: key.name, object: stored, revision, writtenAt: 0 };
    table.insert(key.namespace, entry);
    this.wrote(table, entry, { type: 'created', key, revision, object: stored });
    if (table.ephemeral) this.expiry.enforce(table, key.namespace);
    return { ok: true, object: stored, revision };
  };

  readonly update = (key: StoreKey, object: KubeObject, expected: number): WriteOutcome => {
    this.checkWritable();
    const table = this.tables.find(key.space, key.resource);
    const entry = table?.get(key.namespace, key.name);
    if (!table || !entry) return { ok: false, reason: 'missing' };
    const previous = this.objectOf(table, key.namespace, entry);
    if (entry.revision !== expected) return { ok: false, reason: 'stale', object: previous };
    const revision = ++this.newest;
    const stored = this.own(withRevision(object, revision));
    entry.object = stored;
    entry.revision = revision;
    if (table.ephemeral) table.touch(key.namespace, entry);
    this.wrote(table, entry, { type: 'updated', key, revision, object: stored, previous });
    return { ok: true, object: stored, revision };
  };

  readonly delete = (key: StoreKey, expected?: number): WriteOutcome => {
    this.checkWritable();
    const table = this.tables.find(key.space, key.resource);
    const entry = table?.get(key.namespace, key.name);
    if (!table || !entry) return { ok: false, reason: 'missing' };
    const previous = this.objectOf(table, key.namespace, entry);
    if (expected !== undefined && entry.revision !== expected) return { ok: false, reason: 'stale', object: previous };
    const revision = ++this.newest;
    const object = this.own(withRevision(previous, revision));
    table.remove(key.namespace, key.name);
    const space = this.tables.idOf(key.space);
    this.behind?.remove(
      journalKeyOf(space, key.resource, key.namespace, key.name),
      tableKeyOf(space, key.resource),
      revision,
      table.ephemeral !== undefined,
    );
    this.publish(table, { type: 'deleted', key, revision, object, previous });
    return { ok: true, object, revision };
  };

  readonly get = (key: StoreKey): KubeObject | undefined => {
    const table = this.tables.find(key.space, key.resource);
    const entry = table?.get(key.namespace, key.name);
    return table && entry && this.objectOf(table, key.namespace, entry);
  };

  readonly list: Store['list'] = ({ space, resource, namespace }, page = {}): ListPage => {
    const { at, after, limit, matches } = page;
    if (at !== undefined) this.checkNotAhead(at);
    const table = this.tables.find(space, resource);
    const revision = at ?? this.newest;
    if (!table) return { items: [], revision, remaining: 0 };
    const request = { namespace, after, limit, matches };
    if (at === undefined) return listNow(table, request, revision, this.objectOf);
    if (at < table.window.floor) throw expired('The resourceVersion for the provided list is too old.');
    return listAt(table, request, revision, this.objectOf);
  };

  readonly prepare: Store['prepare'] = ({ space, resource, namespace }) => {
    const table = this.tables.find(space, resource);
    return table && table.unread > objectsPerLook ? this.readAll(table, namespace) : undefined;
  };

  readonly count: Store['count'] = ({ space, resource, namespace }) =>
    this.tables.find(space, resource)?.count(namespace) ?? 0;

  readonly watch: Store['watch'] = ({ space, resource }, fromRevision, receive) => {
    this.checkNotAhead(fromRevision);
    const table = this.tableFor(space, resource);
    const { floor } = table.window;
    if (fromRevision < floor) throw expired(`too old resource version: ${fromRevision} (${floor})`);
    return { stop: this.delivery.watch(table, fromRevision, this.newest, receive) };
  };

  readonly revision = (): number => this.newest;

  readonly held = (): number | undefined => this.behind?.held();

  readonly durable = (revision: number): Promise<void> => this.behind?.durable(revision) ?? done;

  readonly resources = (space: string): readonly string[] => {
    const tables = [...this.tables.tablesOf(space)];
    return tables.flatMap((table) => (table.count() > 0 ? [table.resource] : [])).sort();
  };

  readonly spaces = (): readonly string[] => this.tables.directory().spaces.map(({ name }) => name);

  readonly dropSpace = (name: string): void => {
    this.checkWritable();
    if (!this.tables.has(name)) return;
    const { id, tables } = this.tables.drop(name, ++this.newest);
    for (const table of tables) {
      this.log.remove(table.window);
      this.delivery.remove(table);
      this.expiry.forget(table);
    }
    if (!this.behind) return;
    this.behind.setDirectory(this.tables.directory(), this.newest);
    void this.discard(this.behind, id, tables);
  };

  readonly close = async (): Promise<void> => {
    if (this.closed) return;
    this.closed = true;
    this.log.stop();
    this.expiry.stop();
    await this.behind?.close();
  };

  /** The object of an entry, parsed now if the start left it on disk. */
  private readonly objectOf = (table: Table, namespace: string, entry: Entry): KubeObject => {
    if (entry.object) return entry.object;
    if (this.closed) throw serviceUnavailable('the store is closed');
    const key = journalKeyOf(this.tables.idOf(table.space), table.resource, namespace, entry.name);
    const object = this.own(this.journal!.read(key));
    entry.object = object;
    table.unread--;
    return object;
  };

  private own(object: KubeObject): KubeObject {
    const kept = keepFieldsAsText(object);
    return this.freeze ? deepFreeze(kept) : kept;
  }

  private checkWritable(): void {
    const refusal = this.behind?.refusal();
    if (refusal) throw refusal;
  }

  private checkNotAhead(revision: number): void {
    if (revision <= this.newest) return;
    throw failure('Timeout', `Too large resource version: ${revision}, current: ${this.newest}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    });
  }

  private tableFor(space: string, resource: string): Table {
    if (!this.tables.has(space)) {
      this.tables.create(space);
      this.behind?.setDirectory(this.tables.directory(), this.newest);
    }
    return this.tables.table(space, resource);
  }

  private wrote(table: Table, entry: Entry, change: StoredChange): void {
    const { key, object, revision } = change;
    if (table.ephemeral) {
      entry.writtenAt = this.clock.now();
      this.expiry.track(table);
    }
    if (this.behind) {
      const journalKey = journalKeyOf(this.tables.idOf(key.space), key.resource, key.namespace, key.name);
      this.behind.put(journalKey, object, revision, entry.writtenAt);
    }
    this.publish(table, change);
  }

  private publish(table: Table, change: StoredChange): void {
    this.log.append(table.window, change);
    this.delivery.publish(table, change);
  }

  private expire(table: Table, namespace: string, name: string): void {
    if (this.behind?.refusal()) return;
    this.delete({ space: table.space, resource: table.resource, namespace, name });
  }

  private async readAll(table: Table, namespace: string | undefined): Promise<void> {
    const slices = new Slices(this.clock, objectsPerLook);
    for (const name of namespace === undefined ? [...table.namespacesWithObjects()] : [namespace]) {
      for (const entry of table.entriesOf(name)) {
        if (entry.object) continue;
        this.objectOf(table, name, entry);
        if (!slices.over()) continue;
        await slices.next();
        // The space may have been dropped meanwhile.
        if (this.tables.find(table.space, table.resource) !== table) return;
      }
    }
  }

  /** Removes a dropped space's records from disk, a few in each turn; what a restart interrupts, the next start finds. */
  private async discard(behind: WriteBehind, id: number, tables: readonly Table[]): Promise<void> {
    const slices = new Slices(this.clock, objectsPerLook);
    for (const table of tables) {
      for (const namespace of table.namespacesWithObjects()) {
        for (const { name } of table.entriesOf(namespace)) {
          behind.discard([journalKeyOf(id, table.resource, namespace, name)], []);
          if (slices.over()) await slices.next();
          if (this.closed) return;
        }
      }
      behind.discard([], [tableKeyOf(id, table.resource)]);
    }
  }
}

export function memoryStore(options: StoreOptions): Store {
  return new WorkingCopy(options);
}

/** An object of another server's store, in its stored form. */
export interface RestoredRecord {
  readonly key: StoreKey;
  readonly object: KubeObject;
}

/**
 * A store in memory that begins with objects of other servers, beneath every API: uids, times, generations, owners of
 * fields and resourceVersions stay as they were, and nobody is told of a change.
 */
export function restoredStore(options: StoreOptions, records: Iterable<RestoredRecord>): Store {
  const store = new WorkingCopy(options);
  store.restore(records);
  return store;
}

/** A durable store over a journal; reads what the journal holds first. */
export async function journaledStore(options: StoreOptions, journal: Journal): Promise<Store> {
  const store = new WorkingCopy(options, journal);
  await store.load();
  return store;
}
