/** What a running installation says of itself in its data directory, for `down`, `status` and a second `up`. */
import type { Disk } from '#world/disk/disk.ts';
import { isAlive } from '#world/process/process.ts';

export interface RunRecord {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly kubeconfigFolder: string;
  readonly contexts: readonly string[];
  /** All clusters were Ready when this was written, or `held` says why they cannot be. */
  readonly ready: boolean;
  /** What does not run until somebody does something, and why. */
  readonly held?: readonly string[];
}

const fileIn = (dataDirectory: string) => `${dataDirectory}/run.json`;

export const writeRunRecord = (disk: Disk, dataDirectory: string, record: RunRecord): Promise<void> =>
  disk.write(fileIn(dataDirectory), `${JSON.stringify(record, null, 2)}\n`);

export const removeRunRecord = (disk: Disk, dataDirectory: string): Promise<void> => disk.remove(fileIn(dataDirectory));

/** Undefined when nothing runs there: no record, or one of a process that is gone. */
export async function readRunRecord(disk: Disk, dataDirectory: string): Promise<RunRecord | undefined> {
  const text = await disk.readText(fileIn(dataDirectory));
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as RunRecord;
    return isAlive(record.pid) ? record : undefined;
  } catch {
    return undefined;
  }
}
