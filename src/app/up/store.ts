/** The one store all clusters of the process share: durable in the data directory, or in memory. */
import type { Store } from '#server/storage/store.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import { heapUse } from '#world/process/heap.ts';
import { version } from '../version.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Path of a file in the data directory. */
  readonly file: (name: string) => string;
  readonly release: () => Promise<void>;
}

export interface OpenStoreOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly path: string;
  readonly ephemeral: boolean;
}

/** What is written beside the store before it is opened. */
export const logName = 'flotilla.log';
export const outputName = 'up.out';
const beside = [logName, outputName];

/** Before anything is written there. Throws DataDirectoryError: of another format, damaged, not ours, not to be used. */
export async function prepareDataDirectory(disk: Disk, path: string): Promise<void> {
  const directory = await import('#server/storage/data-directory.ts');
  await directory.prepareDataDirectory({ disk, path, beside });
}

/** Throws DataDirectoryError: in use, of another format, damaged, not ours. */
export async function openStore({ disk, clock, path, ephemeral }: OpenStoreOptions): Promise<OpenedStore> {
  const [{ openDataDirectory }, { memoryStore }] = await Promise.all([
    import('#server/storage/data-directory.ts'),
    import('#server/storage/memory.ts'),
  ]);
  const directory = await openDataDirectory({ disk, clock, path, beside, createdBy: `flotilla ${version}` });
  try {
    const options = { clock, heap: heapUse };
    const store = ephemeral ? memoryStore(options) : await directory.openStore(options);
    return { store, file: directory.file, release: directory.release };
  } catch (error) {
    await directory.release();
    throw error;
  }
}
