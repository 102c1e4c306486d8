/**
 * How many requests one API server gets at a time: as many as it answers well. The number grows by one a round of good
 * answers and halves when the server says it has too much (429), does not answer in time, or grows slow. There is no
 * rate limit: what succeeds is never held back.
 */
import { tooManyRequests } from '#kube/status/errors.ts';
import type { Clock } from '#world/clock/clock.ts';

const startWith = 16;
/** As many as the connection pool holds. */
export const mostAtOnce = 64;
/** At about 1 kB a waiting request (its body is there already) 10 MB; beyond it callers are told to come later. */
const mostWaiting = 10_000;
/** Bad answers within this time tell of one moment of pressure. */
const cooldownMs = 1_000;
/** Slow: this many times slower than its usual best, and slower than this at all. */
const slowFactor = 5;
const slowMs = 250;
/** The weight of one answer in the average. */
const averaging = 0.1;
/** What the best time drifts up by at each answer, so that it is not the luck of one moment for ever. */
const drift = 1.002;

export type Outcome = 'good' | 'overloaded' | 'unmeasured';

interface Waiter {
  readonly go: () => void;
}

export class Concurrency {
  private readonly name: string;
  private readonly clock: Clock;
  private readonly queue = new Set<Waiter>();
  private most = startWith;
  private inFlight = 0;
  private pausedUntil = Number.NEGATIVE_INFINITY;
  private resuming = false;
  private lastCut = Number.NEGATIVE_INFINITY;
  private best = Number.POSITIVE_INFINITY;
  private average: number | undefined;

  /** `name` of the server, for errors. */
  constructor(name: string, clock: Clock) {
    this.name = name;
    this.clock = clock;
  }

  limit(): number {
    return Math.floor(this.most);
  }

  waiting(): number {
    return this.queue.size;
  }

  /** Resolves when the request may be sent; call what it answers when the server has answered. Rejects with the signal's reason. */
  enter(signal?: AbortSignal): Promise<(outcome: Outcome) => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.queue.size >= mostWaiting) {
        return reject(tooManyRequests(`${mostWaiting} requests already wait for ${this.name}, please try again later`));
      }
      const waiter: Waiter = {
        go: () => {
          signal?.removeEventListener('abort', leave);
          resolve(this.start());
        },
      };
      const leave = () => {
        this.queue.delete(waiter);
        reject(signal!.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.queue.add(waiter);
      this.admit();
    });
  }

  /** Nothing is sent for this long: the server said so. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.monotonic() + ms);
  }

  private start(): (outcome: Outcome) => void {
    const began = this.clock.monotonic();
    let left = false;
    return (outcome) => {
      if (left) return;
      left = true;
      this.inFlight--;
      if (outcome === 'good') this.learn(this.clock.monotonic() - began);
      else if (outcome === 'overloaded') this.cut(0.5);
      this.admit();
    };
  }

  private admit(): void {
    const paused = this.pausedUntil - this.clock.monotonic();
    if (paused > 0) {
      if (this.resuming || this.queue.size === 0) return;
      this.resuming = true;
      this.clock.after(paused, () => {
        this.resuming = false;
        this.admit();
      });
      return;
    }
    for (const waiter of this.queue) {
      if (this.inFlight >= this.limit()) return;
      this.queue.delete(waiter);
      this.inFlight++;
      waiter.go();
    }
  }

  private learn(ms: number): void {
    this.average = this.average === undefined ? ms : this.average + (ms - this.average) * averaging;
    this.best = Math.min(this.best * drift, ms);
    if (this.average > slowMs && this.average > this.best * slowFactor) this.cut(0.8);
    else if (this.inFlight + 1 >= this.most / 2) this.most = Math.min(mostAtOnce, this.most + 1 / this.most);
  }

  private cut(factor: number): void {
    const now = this.clock.monotonic();
    if (now - this.lastCut < cooldownMs) return;
    this.lastCut = now;
    this.most = Math.max(1, this.most * factor);
  }
}
