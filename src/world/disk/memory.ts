/** A disk in memory, for simulations and tests: the same answers, nothing on the machine. */
import { posix } from 'node:path';
import { type Disk, DiskLockedError } from './disk.ts';

/** Process id that an in-memory lock names as its holder. */
const simulatedProcess = 1;

const failure = (code: string, what: string, path: string) =>
  Object.assign(new Error(`${code}: ${what}, '${path}'`), { code });

export function memoryDisk(): Disk {
  const files = new Map<string, Uint8Array>();
  const folders = new Set<string>(['/', '.']);
  const locks = new Set<string>();

  const addFolder = (path: string) => {
    for (let folder = path; !folders.has(folder); folder = posix.dirname(folder)) folders.add(folder);
  };
  const read = (path: string) => files.get(posix.normalize(path));

  return {
    read: async (path) => read(path)?.slice(),
    readText: async (path) => {
      const content = read(path);
      return content && new TextDecoder().decode(content);
    },
    write: async (path, content) => {
      const file = posix.normalize(path);
      if (!folders.has(posix.dirname(file))) throw failure('ENOENT', 'no such file or directory', path);
      files.set(file, typeof content === 'string' ? new TextEncoder().encode(content) : content.slice());
    },
    remove: async (path) => {
      const root = posix.normalize(path);
      const inside = (entry: string) => entry === root || entry.startsWith(`${root}/`);
      for (const file of files.keys()) if (inside(file)) files.delete(file);
      for (const folder of folders) if (inside(folder)) folders.delete(folder);
    },
    list: async (path) => {
      const folder = posix.normalize(path);
      if (!folders.has(folder)) return undefined;
      const entries = [...files.keys(), ...folders].filter(
        (entry) => posix.dirname(entry) === folder && entry !== folder,
      );
      return entries.map((entry) => posix.basename(entry)).sort();
    },
    makeDirectory: async (path) => addFolder(posix.normalize(path)),
    flushDirectory: async () => {},
    open: async (path) => {
      const content = read(path);
      return (
        content && {
          size: content.length,
          read: (target, position) => {
            const part = content.subarray(position, position + target.length);
            target.set(part);
            return part.length;
          },
          close: () => {},
        }
      );
    },
    lock: async (path) => {
      const file = posix.normalize(path);
      if (locks.has(file)) throw new DiskLockedError(path, simulatedProcess);
      locks.add(file);
      return {
        release: async () => {
          locks.delete(file);
        },
      };
    },
  };
}
