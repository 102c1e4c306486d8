// A lock file with the holder's process number; a holder that is gone does not count.
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const askAgainMs = 100;
const longestClearMs = 10_000;

function holder(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (!pid) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === 'EPERM' ? -1 : undefined;
  }
}

/** Appears with its holder in it: an empty lock, if only for a moment, would be taken for one whose holder is gone. */
function take(path, own) {
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    return error.code === 'EEXIST' ? false : takeUnlinked(path);
  } finally {
    rmSync(own, { force: true });
  }
}

/** For file systems that know no hard links. */
function takeUnlinked(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Removes the lock of a holder that is gone. One at a time, each looking again: otherwise the second of two would
 * remove what the first has just taken.
 */
function clear(path, own) {
  const clearing = `${path}.clearing`;
  if (!take(clearing, own)) {
    // Held for an instant; whoever was killed in that instant is no longer waited for.
    if (ageMs(clearing) > longestClearMs) rmSync(clearing, { force: true });
    return;
  }
  try {
    if (holder(path) === undefined) rmSync(path, { force: true });
  } finally {
    rmSync(clearing, { force: true });
  }
}

const ageMs = (path) => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());

/** Runs `work` alone among all processes that use the same lock path; `onWait` is called once when it has to wait. */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}`;
  for (let waited = false; !take(path, own); ) {
    if (holder(path) === undefined) {
      clear(path, own);
      continue;
    }
    if (!waited) onWait?.();
    waited = true;
    await delay(askAgainMs);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
