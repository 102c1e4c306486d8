/**
 * The journal on disk, in LMDB: one environment for all spaces, one transaction per group, flushed before it counts.
 * Keys: `d <space> <resource>` revision of the newest deletion, `m …` what the store says of itself, `o <space>
 * <resource> <namespace> <name>` objects. The only file that imports lmdb; it is loaded when a store is opened, because
 * loading takes up to 200 ms on a busy machine.
 */
import { Buffer } from 'node:buffer';
import type { RootDatabase } from 'lmdb';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { damaged, otherFormat } from './failures.ts';
import { type Journal, type JournalState, parseJournalKey, parseTableKey, type SpaceDirectory } from './journal.ts';
import { sliceMs } from './limits.ts';
import { decodeHeader, decodeText, isIntact, type RecordHeader, RecordEncoder } from './record.ts';

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
}

type Database = RootDatabase<Buffer | Stored, string>;

/** What reading a record gives: its header, and its text when asked for. */
interface Stored extends Partial<RecordHeader> {
  readonly text?: string;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** LMDB says why only in a promise inside the error. */
async function reasonOf(error: unknown): Promise<Error> {
  const { commitError } = error as { readonly commitError?: Promise<unknown> };
  try {
    await commitError;
  } catch (cause) {
    return cause as Error;
  }
  return error as Error;
}
