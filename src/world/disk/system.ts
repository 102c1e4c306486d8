/** The machine's disk. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disk, FileReader, WriteFileOptions } from './disk.ts';
import { lockFile } from './lock.ts';

let sequence = 0;

const isMissing = (error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
};

/** Undefined instead of a failure when the file is not there. */
async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A rename is on disk when the folder is flushed; some systems cannot flush folders and need not. */
async function flushDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

async function write(path: string, content: Uint8Array | string, options?: WriteFileOptions): Promise<void> {
  const temporary = `${path}.${process.pid}.${sequence++}.tmp`;
  const mode = options?.mode ?? 0o600;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // The umask may have taken bits away.
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushDirectory(dirname(path));
}

/**
 * With the folders it is in. One by one, from the first that is there: Node's own recursion never ends in a file system
 * that answers ENOENT for a folder that cannot be made (/proc).
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || parent === path || (await exists(parent))) throw error;
    await makeDirectory(parent);
    await makeDirectory(path);
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

function openReader(path: string): FileReader | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return {
    size: fstatSync(descriptor).size,
    read: (target, position) => readSync(descriptor, target, 0, target.length, position),
    close: () => closeSync(descriptor),
  };
}

export const systemDisk: Disk = {
  read: (path) => unlessMissing(readFile(path)),
  readText: (path) => unlessMissing(readFile(path, 'utf8')),
  write,
  remove: (path) => rm(path, { recursive: true, force: true }),
  list: (path) => unlessMissing(readdir(path).then((names) => names.sort())),
  makeDirectory,
  flushDirectory,
  open: async (path) => openReader(path),
  lock: lockFile,
};
