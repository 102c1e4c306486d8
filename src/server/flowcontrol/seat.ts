/** One request and the seats it takes: while it waits for them, while it is executed, and a moment after. */
import type { Flow } from './flow.ts';
import type { Queue } from './queue.ts';
import type { QueueSet } from './queue-set.ts';

/** How wide a request is. */
export interface Width {
  readonly seats: number;
  /** Seats taken for `extraMs` after the answer: for the watchers whom a write concerns. */
  readonly finalSeats: number;
  readonly extraMs: number;
}

export const narrow: Width = { seats: 1, finalSeats: 0, extraMs: 0 };

/** kube-apiserver's guess at how long a request takes, until it is known. */
export const estimatedMs = 3;

export class Seat {
  readonly flow: Flow;
  readonly width: Width;
  readonly arrivedAt: number;
  /** The set's progress when it arrived. */
  readonly arrivedR: number;
  readonly queue: Queue | undefined;
  startedAt = 0;
  readonly #set: QueueSet;
  #left = false;

  constructor(set: QueueSet, flow: Flow, width: Width, now: number, queue: Queue | undefined) {
    this.#set = set;
    this.flow = flow;
    this.width = width;
    this.arrivedAt = now;
    this.arrivedR = set.progress;
    this.queue = queue;
  }

  /** What it occupies at most at a time. */
  get seats(): number {
    return Math.max(this.width.seats, this.width.finalSeats);
  }

  /** In seat-milliseconds. */
  get work(): number {
    const { seats, finalSeats, extraMs } = this.width;
    return seats * estimatedMs + finalSeats * extraMs;
  }

  /** The answer is out, or a watch has begun. Only the first call counts. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#set.finish(this);
  }
}
