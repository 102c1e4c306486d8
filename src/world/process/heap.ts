/** How much memory this process has for its objects. */
import { getHeapStatistics } from 'node:v8';

export interface HeapUse {
  /** Bytes in use, garbage that is not collected yet included. */
  readonly used: number;
  /** Bytes at which V8 ends the process: `--max-old-space-size`, or what it makes of the machine's memory. */
  readonly limit: number;
}

/** The young generation's three halves of 32 MiB: V8 counts them to its limit, and ends the process for the old one alone. */
const youngBytes = 96 * 2 ** 20;

/** Costs a few microseconds. */
export function heapUse(): HeapUse {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return { used, limit: limit - youngBytes };
}
