/** One of a level's queues: who waits in it, and how far its dispatches have got. */
import type { Seat } from './seat.ts';

export interface Waiter {
  readonly seat: Seat;
  /** With the seat when its turn has come. */
  readonly admit: () => void;
}

export class Queue {
  readonly waiting: Waiter[] = [];
  /** Seat-milliseconds of those who wait. */
  waitingWork = 0;
  executing = 0;
  seatsInUse = 0;
  /** The set's progress at which its next request is due. */
  nextR = 0;

  get idle(): boolean {
    return this.waiting.length === 0 && this.executing === 0;
  }

  push(waiter: Waiter): void {
    this.waiting.push(waiter);
    this.waitingWork += waiter.seat.work;
  }

  /** False when it does not wait here (any more). */
  remove(waiter: Waiter): boolean {
    const at = this.waiting.indexOf(waiter);
    if (at < 0) return false;
    this.waiting.splice(at, 1);
    this.waitingWork = this.waiting.length === 0 ? 0 : this.waitingWork - waiter.seat.work;
    return true;
  }

  /** No dispatch before arrival: a queue that asked for little for a while has not saved up for a flood. */
  bound(): void {
    const oldest = this.waiting[0];
    if (oldest && this.nextR < oldest.seat.arrivedR) this.nextR = oldest.seat.arrivedR;
  }
}
