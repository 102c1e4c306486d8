/**
 * The journal on disk, in LMDB: one environment for all spaces, one transaction per group, flushed before it counts.
 * Keys: `d <space> <resource>` revision of the newest deletion, `m …` what the store says of itself, `o <space>
 * <resource> <namespace> <name>` objects. The only file that imports lmdb; it is loaded when a store is opened, because
 * loading takes up to 200 ms on a busy machine.
 */
import { Buffer } from 'node:buffer';
import type { RootDatabase } from 'lmdb';
import type { Clock } from '#world/clock/clock.ts';
import { damaged, otherFormat } from './failures.ts';
import {
  type Journal,
  type JournalGroup,
  type JournalState,
  parseJournalKey,
  parseTableKey,
  type SpaceDirectory,
} from './journal.ts';
import { decodeHeader, decodeObject, RecordEncoder } from './record.ts';
import { Slices } from './slices.ts';

/** Of the records and keys; a change that older code cannot read makes it 2. */
export const storeFormat = 1;

/**
 * Address space, not disk: the file grows as it fills, and beyond this LMDB maps it anew. 16 GiB are 100,000 templates
 * of 40 objects of 4 kB.
 */
const mapBytes = 16 * 2 ** 30;
/** Most objects (1 to 3 kB) fit into such a page with their key; with 4 kB each took a page and a half. */
const pageBytes = 8_192;
/** Records looked at between two looks at the clock. */
const recordsPerLook = 64;

const objectPrefix = 'o ';
const deletionPrefix = 'd ';
/** Sorts after every key with the prefix. */
const endOf = (prefix: string) => `${prefix.slice(0, -1)}!`;
const formatKey = 'm format';
const stateKey = 'm state';
const spacesKey = 'm spaces';

export interface LmdbJournalOptions {
  readonly clock: Clock;
  /** For the record of who made the store: `flotilla 0.1.0`. */
  readonly createdBy: string;
  /** What errors call the place: the data directory. */
  readonly shownPath: string;
}

type Database = RootDatabase<Uint8Array, string>;

const viewOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** LMDB says why only in a promise inside the error. */
async function reasonOf(error: unknown): Promise<Error> {
  const { commitError } = error as { readonly commitError?: Promise<unknown> };
  try {
    await commitError;
  } catch (cause) {
    return plain(cause as Error);
  }
  return plain(error as Error);
}

/** Without the page and its size, which help nobody who has to make room. */
const plain = (error: Error): Error => {
  const [reason] = error.message.split(': Attempting to write page');
  return reason === error.message ? error : new Error(reason, { cause: error });
};

function parsed(database: Database, path: string, key: string): unknown {
  const bytes = database.get(key);
  if (!bytes) return undefined;
  try {
    return JSON.parse(viewOf(bytes).toString());
  } catch {
    throw damaged(path, `what it says of itself under '${key}' cannot be read`);
  }
}

function revisionBytes(revision: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(8);
  bytes.writeDoubleLE(revision);
  return bytes;
}

class LmdbJournal implements Journal {
  readonly state: JournalState | undefined;
  private readonly database: Database;
  private readonly path: string;
  private readonly options: LmdbJournalOptions;
  private readonly encoder = new RecordEncoder();
  private writtenDirectory: SpaceDirectory | undefined;
  private isNew: boolean;

  constructor(database: Database, options: LmdbJournalOptions) {
    const { shownPath: path } = options;
    this.database = database;
    this.path = path;
    this.options = options;
    const format = parsed(database, path, formatKey) as
      | { readonly format: number; readonly createdBy: string }
      | undefined;
    this.isNew = format === undefined;
    if (!format) {
      if (database.getCount({ limit: 1 }) > 0) throw damaged(path, 'it does not say which format it has');
      return;
    }
    if (format.format !== storeFormat) throw otherFormat(path, String(format.format), format.createdBy, storeFormat);
    const state = parsed(database, path, stateKey) as Pick<JournalState, 'revision' | 'reserved'> | undefined;
    const directory = parsed(database, path, spacesKey) as SpaceDirectory | undefined;
    if (!state || !directory) throw damaged(path, 'its last revision is missing');
    this.state = { ...state, directory };
    this.writtenDirectory = directory;
  }

  readonly scan: Journal['scan'] = async (visit) => {
    for (const { key, value } of this.database.getRange({ start: deletionPrefix, end: endOf(deletionPrefix) })) {
      const { space, resource } = parseTableKey(key.slice(deletionPrefix.length));
      visit.deletion(space, resource, viewOf(value).readDoubleLE());
    }
    const slices = new Slices(this.options.clock, recordsPerLook);
    for (const { key, value } of this.database.getRange({ start: objectPrefix, end: endOf(objectPrefix) })) {
      const journalKey = key.slice(objectPrefix.length);
      const header = decodeHeader(journalKey, viewOf(value));
      if (!header) throw damaged(this.path, `the record of '${journalKey}' is not whole`);
      visit.object(parseJournalKey(journalKey), header.revision, header.writtenAt);
      if (slices.over()) await slices.next();
    }
  };

  readonly read: Journal['read'] = (key) => {
    const bytes = this.database.getBinaryFast(objectPrefix + key);
    if (!bytes) throw damaged(this.path, `the record of '${key}' is missing`);
    return decodeObject(viewOf(bytes));
  };

  readonly commit: Journal['commit'] = async (group) => {
    const encoded = await this.encodeAll(group.records);
    const { revision, reserved, directory, deletions } = group;
    let last: Promise<unknown> | undefined;
    const put = (key: string, bytes: Uint8Array) => {
      const promise = this.database.put(key, bytes);
      // All writes of a batch share one promise; what it rejects with comes again below.
      if (promise !== last) promise.catch(() => {});
      last = promise;
    };
    const committed = this.database.batch(() => {
      if (this.isNew) put(formatKey, json({ format: storeFormat, createdBy: this.options.createdBy }));
      if (directory !== this.writtenDirectory) put(spacesKey, json(directory));
      put(stateKey, json({ revision, reserved }));
      for (const [tableKey, deleted] of deletions) {
        if (deleted === undefined) this.remove(deletionPrefix + tableKey);
        else put(deletionPrefix + tableKey, revisionBytes(deleted));
      }
      for (const [key, bytes] of encoded) {
        if (bytes) put(objectPrefix + key, bytes);
        else this.remove(objectPrefix + key);
      }
    });
    try {
      // Without overlapping syncs LMDB answers after it has flushed data and root, in this order.
      await committed;
    } catch (error) {
      throw await reasonOf(error);
    } finally {
      this.encoder.reset();
    }
    this.isNew = false;
    this.writtenDirectory = directory;
  };

  readonly close = async (): Promise<void> => this.database.close();

  private remove(key: string): void {
    this.database.remove(key).catch(() => {});
  }

  /** Serialises in slices: the one part of a group's way to disk that takes the main thread's time. */
  private async encodeAll(records: JournalGroup['records']): Promise<(readonly [string, Uint8Array | undefined])[]> {
    const slices = new Slices(this.options.clock, recordsPerLook);
    const encoded: (readonly [string, Uint8Array | undefined])[] = [];
    for (const [key, record] of records) {
      encoded.push([key, record && this.encoder.encode(key, record)]);
      if (slices.over()) await slices.next();
    }
    return encoded;
  }
}

/** Opens the store in a folder, or makes it; nobody else may have it open, and it must be undamaged (lmdb-file.ts). */
export async function openLmdbJournal(path: string, options: LmdbJournalOptions): Promise<Journal> {
  const { open } = await import('lmdb');
  const database: Database = open({
    path,
    encoding: 'binary',
    mapSize: mapBytes,
    pageSize: pageBytes,
    maxDbs: 1,
    // Groups come one at a time, so there is nothing to overlap: plain transactions were 15% faster and need no care.
    overlappingSync: false,
    // Each group is a batch of its own. With LMDB's batches by turn a failed one ends the process: its promise is lost.
    eventTurnBatching: false,
    permissionsMode: 0o600,
  } as Parameters<typeof open>[0]);
  try {
    return new LmdbJournal(database, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}
