// A lock file with the holder's process number; a holder that is gone does not count.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const askAgainMs = 100;

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

/** Runs `work` alone among all processes that use the same lock path; `onWait` is called once when it has to wait. */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; ; ) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (holder(path) === undefined) {
        rmSync(path, { force: true });
        continue;
      }
      if (!waited) onWait?.();
      waited = true;
      await delay(askAgainMs);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
