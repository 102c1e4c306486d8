/** CPU time and memory of another process, read from outside. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Usage {
  /** User and system time of all threads since its start, children not counted. */
  readonly cpuSeconds: number;
  /** Of these, the thread that runs JavaScript; the rest is compilation, garbage collection and the store's writer. */
  readonly mainThreadSeconds: number;
  readonly residentBytes: number;
  /** Of these, what is in no file: pages of the store's file count as resident, and the kernel takes them back. */
  readonly ownBytes: number;
  /** The highest since its start or the last `forgetPeak`. */
  readonly peakBytes: number;
}

/** Of a second: the kernel's USER_HZ, the same on every Linux. */
const ticksPerSecond = 100;

/** Fields 14 and 15 of stat, counted from 1; the second, the program's name, may itself hold spaces. */
const userTicks = 14 - 3;
const systemTicks = 15 - 3;

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;
}

function cpuSeconds(path: string): number {
  const stat = readFileSync(path, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[userTicks]) + Number(fields[systemTicks])) / ticksPerSecond;
}

export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: cpuSeconds(`/proc/${pid}/stat`),
    mainThreadSeconds: cpuSeconds(`/proc/${pid}/task/${pid}/stat`),
    residentBytes: kilobytes(status, 'VmRSS'),
    ownBytes: kilobytes(status, 'RssAnon'),
    peakBytes: kilobytes(status, 'VmHWM'),
  };
}

/** The peak counts from now on. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
