/**
 * The folder that holds all an installation keeps: whose it is, which format it has, that nobody else uses it. It is
 * looked at before anything in it is touched.
 */
import { dirname } from 'node:path';
import type { Clock } from '#world/clock/clock.ts';
import { type Disk, type DiskLock, DiskLockedError } from '#world/disk/disk.ts';
import { diskFault } from '#world/disk/fault.ts';
import { damaged, inUse, notOurs, otherFormat, unreadable } from './failures.ts';
import { openLmdbJournal } from './lmdb.ts';
import { damageOf } from './lmdb-file.ts';
import { journaledStore, type StoreOptions } from './memory.ts';
import type { Store } from './store.ts';

/** Of the folder: which files there are and what they mean. The store has a format of its own. */
export const directoryFormat = 1;

const markerFile = 'flotilla.json';
const lockFile = 'lock';
const storeFolder = 'store';

export interface DataDirectory {
  readonly path: string;
  /** Path of a file or folder in it. */
  readonly file: (name: string) => string;
  /** Opens the durable store, making it the first time. Throws DataDirectoryError. */
  readonly openStore: (options: StoreOptions) => Promise<Store>;
  /** Lets others use the folder. */
  readonly release: () => Promise<void>;
}

interface DataDirectoryPlace {
  readonly disk: Disk;
  readonly path: string;
  /** Files that whoever starts the process may have made in it already, its logs: they make it nobody else's. */
  readonly beside?: readonly string[];
}

export interface DataDirectoryOptions extends DataDirectoryPlace {
  readonly clock: Clock;
  /** For the record: `flotilla 0.1.0`. */
  readonly createdBy: string;
}

interface Marker {
  readonly format: number;
  readonly createdBy: string;
}

function parseMarker(path: string, text: string): Marker {
  try {
    const marker = JSON.parse(text) as Partial<Marker> | null;
    if (typeof marker?.format === 'number') return { format: marker.format, createdBy: marker.createdBy ?? '' };
  } catch {
    // Said below.
  }
  throw damaged(path, `${markerFile} cannot be read`);
}

/** Left by a process killed while it made the folder: temporary files of these, or the lock alone. */
const isOurLeftover = (name: string) => name.startsWith(markerFile) || name.startsWith(lockFile);

/** Whether the folder is marked as ours; throws when it is something else. */
async function isMarked({ disk, path, beside = [] }: DataDirectoryPlace): Promise<boolean> {
  const names = await disk.list(path);
  const text = names && (await disk.readText(`${path}/${markerFile}`));
  if (text === undefined) {
    if (names?.every((name) => isOurLeftover(name) || beside.includes(name)) === false) throw notOurs(path);
    return false;
  }
  const marker = parseMarker(path, text);
  if (marker.format !== directoryFormat) {
    throw otherFormat(path, String(marker.format), marker.createdBy, directoryFormat);
  }
  return true;
}

async function lock({ disk, path }: DataDirectoryOptions, file: (name: string) => string): Promise<DiskLock> {
  try {
    return await disk.lock(file(lockFile));
  } catch (error) {
    if (error instanceof DiskLockedError) throw inUse(path, error.holder);
    throw error;
  }
}

async function openStoreIn(
  { disk, clock, path, createdBy }: DataDirectoryOptions,
  folder: string,
  options: StoreOptions,
) {
  const file = await disk.open(`${folder}/data.mdb`);
  const damage = file && (await damageOf(file, clock));
  file?.close();
  if (damage) throw damaged(path, damage);
  await disk.makeDirectory(folder);
  const journal = await openLmdbJournal(folder, { clock, createdBy, shownPath: path });
  try {
    // A file is as safe as its name: those made now must not vanish with the power.
    if (!file) for (const made of [folder, path, dirname(path)]) await disk.flushDirectory(made);
    return await journaledStore(options, journal);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/**
 * Makes the folder where it is missing, for what is to be put beside the store before that is opened; nothing is written
 * into one of another format, damaged, or not ours. Throws DataDirectoryError.
 */
export async function prepareDataDirectory(place: DataDirectoryPlace): Promise<void> {
  const { disk, path } = place;
  try {
    if (!(await isMarked(place))) await disk.makeDirectory(path);
  } catch (error) {
    const fault = diskFault(error);
    throw fault ? unreadable(path, fault) : error;
  }
}

/** Takes the folder into use, making it the first time. Throws DataDirectoryError. */
export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  const { disk, path, createdBy } = options;
  const file = (name: string) => `${path}/${name}`;
  let held: DiskLock | undefined;
  try {
    const marked = await isMarked(options);
    if (!marked) await disk.makeDirectory(path);
    held = await lock(options, file);
    if (!marked) await disk.write(file(markerFile), `${JSON.stringify({ format: directoryFormat, createdBy })}\n`);
  } catch (error) {
    await held?.release();
    const fault = diskFault(error);
    throw fault ? unreadable(path, fault) : error;
  }
  const { release } = held;
  return { path, file, openStore: (store) => openStoreIn(options, file(storeFolder), store), release };
}
