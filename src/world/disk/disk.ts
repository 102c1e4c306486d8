/** Files as a dependency: the machine's disk, or a simulation's. Nothing else in src may touch files. */

/** A file opened to be looked into at any place. */
export interface FileReader {
  readonly size: number;
  /** Fills `target` from `position`; answers how many bytes there were. Blocks: read a few pages at a time. */
  readonly read: (target: Uint8Array, position: number) => number;
  readonly close: () => void;
}

export interface DiskLock {
  readonly release: () => Promise<void>;
}

export interface WriteFileOptions {
  /** Permission bits; 0o600 when not given: most of what we write holds keys. */
  readonly mode?: number;
}

/** Paths are absolute or relative to the working directory. A missing file is an answer, every other failure throws. */
export interface Disk {
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Whole or not at all, on disk when it resolves: a temporary file beside it, flushed, then renamed over it. */
  readonly write: (path: string, content: Uint8Array | string, options?: WriteFileOptions) => Promise<void>;
  /** Removes a file, or a folder with all it holds; what is not there is removed already. */
  readonly remove: (path: string) => Promise<void>;
  /** Names in a folder, sorted; undefined when there is no such folder. */
  readonly list: (path: string) => Promise<readonly string[] | undefined>;
  /** Makes the folder and those above it, mode 0700, and does nothing where it is. */
  readonly makeDirectory: (path: string) => Promise<void>;
  /** Brings the names in a folder to disk; contents are flushed with their files. */
  readonly flushDirectory: (path: string) => Promise<void>;
  /** Opens for reading in place; undefined when there is no such file. */
  readonly open: (path: string) => Promise<FileReader | undefined>;
  /**
   * Takes a lock that ends with the process, whichever way it ends. Throws DiskLockedError while another process,
   * or this one, holds it.
   */
  readonly lock: (path: string) => Promise<DiskLock>;
}

export class DiskLockedError extends Error {
  override readonly name = 'DiskLockedError';
  /** Process id of the holder. */
  readonly holder: number;

  constructor(path: string, holder: number) {
    super(`${path} is held by process ${holder}`);
    this.holder = holder;
  }
}
