/**
 * The queues of one priority level: seats go to the queue whose oldest request would be done first if all queues were
 * served bit by bit (fair queuing, as kube-apiserver's queueset). Nothing here allocates but the seat while nobody waits.
 */
import type { Clock } from '#world/clock/clock.ts';
import { Demand } from './demand.ts';
import type { Flow, Rejection } from './flow.ts';
import type { Queuing } from './objects.ts';
import { Queue, type Waiter } from './queue.ts';
import { estimatedMs, Seat, type Width } from './seat.ts';

/** A request that has to wait for its seat. */
export interface Waiting {
  /** The seat, or why there is none. */
  readonly outcome: Promise<Seat | Rejection>;
  /** The client has gone. */
  readonly cancel: () => void;
}

/** Absent: requests beyond the limit are turned away at once. 'exempt': there is no limit. */
export type Discipline = Queuing | 'exempt' | undefined;

export class QueueSet {
  readonly demand: Demand;
  /** Told whenever somebody has to wait or is turned away: seats might be borrowed. */
  onPressure: () => void = () => {};
  readonly #clock: Clock;
  #discipline: Discipline;
  #limit = 0;
  readonly #queues: Queue[] = [];
  #progress = 0;
  #syncedAt: number;
  #robin = 0;
  #enqueued = 0;
  #activeQueues = 0;
  #waiting = 0;
  #seatsWaiting = 0;
  #executing = 0;
  #seatsInUse = 0;

  constructor(clock: Clock, discipline: Discipline) {
    this.#clock = clock;
    this.#discipline = discipline;
    this.#syncedAt = clock.monotonic();
    this.demand = new Demand(this.#syncedAt);
  }

  /** Seat-milliseconds that each active queue has been given so far: the set's virtual time. */
  get progress(): number {
    return this.#progress;
  }

  get limit(): number {
    return this.#limit;
  }

  get idle(): boolean {
    return this.#waiting === 0 && this.#executing === 0 && this.#seatsInUse === 0;
  }

  get waiting(): number {
    return this.#waiting;
  }

  configure(discipline: Discipline, limit: number): void {
    this.#sync(this.#clock.monotonic());
    this.#discipline = discipline;
    this.#limit = limit;
    this.#dispatchAll();
  }

  /** A seat, a wait for one, or why there is neither. */
  start(flow: Flow, user: string, namespace: string, width: Width, waitMs: number): Seat | Waiting | Rejection {
    const now = this.#clock.monotonic();
    this.#sync(now);
    const discipline = this.#discipline;
    if (discipline === undefined || discipline === 'exempt') return this.#startUnqueued(flow, width, now);
    const queue = this.#chosen(flow.hand(user, namespace), discipline.queues);
    const seat = new Seat(this, flow, width, now, queue);
    if (this.#waiting === 0 && this.#seatsInUse < this.#limit && this.#fits(seat.seats)) {
      queue.nextR = queue.idle ? this.#progress : Math.max(queue.nextR, this.#progress);
      this.#execute(seat, now);
      return seat;
    }
    this.onPressure();
    if (this.#seatsInUse >= this.#limit && queue.waiting.length >= discipline.queueLengthLimit) {
      flow.counts.rejected['queue-full']++;
      return 'queue-full';
    }
    return this.#enqueue(seat, queue, waitMs);
  }

  #startUnqueued(flow: Flow, width: Width, now: number): Seat | Rejection {
    const seat = new Seat(this, flow, width, now, undefined);
    if (!this.#fits(seat.seats)) {
      this.onPressure();
      if (!this.#fits(seat.seats)) {
        flow.counts.rejected['concurrency-limit']++;
        return 'concurrency-limit';
      }
    }
    this.#execute(seat, now);
    return seat;
  }

  #enqueue(seat: Seat, queue: Queue, waitMs: number): Waiting {
    const { promise, resolve } = Promise.withResolvers<Seat | Rejection>();
    const { counts } = seat.flow;
    const give = (reason: Rejection) => {
      this.#sync(this.#clock.monotonic());
      if (!queue.remove(waiter)) return;
      timer.cancel();
      this.#unwait(seat);
      if (queue.idle) this.#activeQueues--;
      queue.bound();
      counts.rejected[reason]++;
      resolve(reason);
      this.#dispatchAll();
    };
    const timer = this.#clock.after(waitMs, () => give('time-out'));
    const waiter: Waiter = {
      seat,
      admit: () => {
        timer.cancel();
        resolve(seat);
      },
    };
    if (queue.idle) {
      queue.nextR = this.#progress;
      this.#activeQueues++;
    }
    queue.push(waiter);
    queue.bound();
    this.#waiting++;
    this.#seatsWaiting += seat.seats;
    counts.waiting++;
    counts.waitingSeats += seat.seats;
    this.#noteDemand(seat.arrivedAt);
    this.#dispatchAll();
    return { outcome: promise, cancel: () => give('cancelled') };
  }

  #unwait({ flow, seats, arrivedAt }: Seat): void {
    this.#waiting--;
    this.#seatsWaiting -= seats;
    flow.counts.waiting--;
    flow.counts.waitingSeats -= seats;
    this.#noteDemand(Math.max(arrivedAt, this.#syncedAt));
  }

  /** Of the hand's queues the one with the least work waiting; equal ones take turns. */
  #chosen(hand: readonly number[], count: number): Queue {
    while (this.#queues.length < count) this.#queues.push(new Queue());
    const offset = this.#enqueued++ % hand.length;
    let best = this.#queues[hand[offset]!]!;
    if (this.#waiting === 0) return best;
    for (let index = 1; index < hand.length; index++) {
      const queue = this.#queues[hand[(offset + index) % hand.length]!]!;
      if (queue.waitingWork < best.waitingWork) best = queue;
    }
    return best;
  }

  #fits(seats: number): boolean {
    if (this.#discipline === 'exempt') return true;
    // One that is wider than the whole level goes alone.
    if (seats > this.#limit) return this.#executing === 0;
    return this.#seatsInUse + seats <= this.#limit;
  }

  #execute(seat: Seat, now: number): void {
    const { queue, seats, flow } = seat;
    seat.startedAt = now;
    this.#executing++;
    this.#seatsInUse += seats;
    flow.counts.dispatched++;
    flow.counts.executing++;
    flow.counts.executingSeats += seats;
    if (queue) {
      if (queue.idle) this.#activeQueues++;
      queue.executing++;
      queue.seatsInUse += seats;
      queue.nextR += seat.work;
      queue.bound();
    }
    this.#noteDemand(now);
  }

  #dispatchAll(): void {
    while (this.#waiting > 0 && this.#seatsInUse < this.#limit && this.#dispatchOne());
  }

  #dispatchOne(): boolean {
    let best: Queue | undefined;
    let bestAt = 0;
    let bestR = Number.POSITIVE_INFINITY;
    const { length } = this.#queues;
    for (let step = 1; step <= length; step++) {
      const at = (this.#robin + step) % length;
      const queue = this.#queues[at]!;
      const oldest = queue.waiting[0];
      if (!oldest) continue;
      const finishR = queue.nextR + oldest.seat.work;
      if (finishR >= bestR) continue;
      best = queue;
      bestAt = at;
      bestR = finishR;
    }
    const waiter = best?.waiting[0];
    if (!best || !waiter || !this.#fits(waiter.seat.seats)) return false;
    this.#robin = bestAt;
    best.remove(waiter);
    // It goes from waiting to executing, so the queue stays as active as it was.
    if (best.idle) this.#activeQueues--;
    this.#unwait(waiter.seat);
    this.#execute(waiter.seat, this.#syncedAt);
    waiter.admit();
    return true;
  }

  finish(seat: Seat): void {
    const now = this.#clock.monotonic();
    this.#sync(now);
    const { queue, width, flow } = seat;
    this.#executing--;
    flow.counts.executing--;
    if (queue) {
      queue.executing--;
      if (queue.idle) this.#activeQueues--;
      // It was charged for the time a request takes as a rule; now it is known.
      queue.nextR -= width.seats * (estimatedMs - (now - seat.startedAt));
      queue.bound();
    }
    if (width.extraMs <= 0) {
      this.#release(seat, now);
      return;
    }
    this.#clock.after(width.extraMs, () => {
      const later = this.#clock.monotonic();
      this.#sync(later);
      this.#release(seat, later);
    });
  }

  #release({ queue, seats, flow }: Seat, now: number): void {
    this.#seatsInUse -= seats;
    flow.counts.executingSeats -= seats;
    if (queue) queue.seatsInUse -= seats;
    this.#noteDemand(now);
    if (this.#waiting > 0) this.#dispatchAll();
  }

  #noteDemand(now: number): void {
    this.demand.set(this.#seatsInUse + this.#seatsWaiting, now);
  }

  /** Brings the virtual time up to now, at the rate that has held since. Before any change. */
  #sync(now: number): void {
    const passed = now - this.#syncedAt;
    this.#syncedAt = now;
    if (this.#activeQueues === 0 || passed <= 0) return;
    const seats = Math.min(this.#seatsInUse + this.#seatsWaiting, this.#limit);
    this.#progress += (seats / this.#activeQueues) * passed;
  }
}
