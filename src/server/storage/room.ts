/**
 * Refuses new objects while memory is nearly full: a Deployment of two thousand million replicas, or whoever creates
 * without end, would else end the process of all clusters, and end it again after each start. What exists can be
 * changed and deleted.
 */
import { internalError } from '#kube/status/errors.ts';
import type { StatusError } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { HeapUse } from '#world/process/heap.ts';
import { fullHeap, heapLookMs } from './limits.ts';

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** Room asked for in whole GiB, twice what there is. */
const wider = (limit: number): number => Math.ceil((2 * limit) / 2 ** 30) * 1_024;

export class Room {
  private readonly clock: Clock;
  private readonly heap: (() => HeapUse) | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private refused: StatusError | undefined;

  /** Without `heap` there is always room. */
  constructor(clock: Clock, heap: (() => HeapUse) | undefined) {
    this.clock = clock;
    this.heap = heap;
  }

  /** Why nothing more can be created now; undefined when it can. */
  refusal(): StatusError | undefined {
    if (!this.heap) return undefined;
    const now = this.clock.monotonic();
    if (now - this.lookedAt < heapLookMs) return this.refused;
    this.lookedAt = now;
    const { used, limit } = this.heap();
    this.refused =
      used < limit * fullHeap
        ? undefined
        : internalError(
            `there is no memory for more objects (${mebibytes(used)} of ${mebibytes(limit)} are in use); nothing is lost, ` +
              `and what exists can be changed and deleted: delete what is not needed, or start with NODE_OPTIONS=--max-old-space-size=${wider(limit)}`,
          );
    return this.refused;
  }
}
