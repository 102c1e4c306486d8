/**
 * A lock file that dies with its process. It names the holder by process id, start time and boot, so that a lock left
 * behind by a killed process, also one whose id has been given to another since, is taken over.
 */
import { link, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { type DiskLock, DiskLockedError } from './disk.ts';

interface Holder {
  readonly pid: number;
  /** Where the system tells it: when the process started, in ticks since this boot; '' elsewhere. */
  readonly started: string;
  readonly boot: string;
}

/** Taking over lasts a few file operations; a guard older than this was left by a process killed within them. */
const guardLifetimeMs = 5_000;
const attempts = 20;
const attemptDelayMs = 25;

let sequence = 0;

/** Start time of a process, '' where the system does not tell, undefined when it does not run. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // "pid (command) state ppid …": the command may hold spaces and brackets; start time is the 22nd field.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : (fields[19] ?? '');
}

const bootId = () =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  );

async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.boot !== (await bootId())) return false;
  return (await startOf(holder.pid)) === holder.started;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [pid, started = '', boot = ''] = text.trim().split('\n');
  return Number(pid) > 0 ? { pid: Number(pid), started, boot } : undefined;
}

/** Creates `path` with the content at once: a reader never sees half of it. False when it is there already. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.${sequence++}`;
  await writeFile(temporary, content, { mode: 0o600 });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** Removes a dead holder's lock. One process at a time does so, else the second would remove the first one's new lock. */
async function removeDead(path: string, dead: Holder | undefined): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await createWhole(guard, `${process.pid}\n`))) {
    const age = await stat(guard).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > guardLifetimeMs) await unlink(guard).catch(() => {});
    return;
  }
  try {
    const now = await readHolder(path);
    const same = now?.pid === dead?.pid && now?.started === dead?.started && now?.boot === dead?.boot;
    if (same) await rename(path, `${path}.dead`).catch(() => {});
    await unlink(`${path}.dead`).catch(() => {});
  } finally {
    await unlink(guard).catch(() => {});
  }
}

export async function lockFile(path: string): Promise<DiskLock> {
  const content = `${process.pid}\n${(await startOf(process.pid)) ?? ''}\n${await bootId()}\n`;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await createWhole(path, content)) return { release: () => unlink(path).catch(() => {}) };
    const holder = await readHolder(path);
    if (holder && (await isAlive(holder))) throw new DiskLockedError(path, holder.pid);
    await removeDead(path, holder);
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, attemptDelayMs));
  }
  throw new Error(`${path} could not be taken: other processes are taking it over; try again`);
}
