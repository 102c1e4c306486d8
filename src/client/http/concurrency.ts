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

export interface Concurrency {
  /** Resolves when the request may be sent; call what it answers when the server has answered. Rejects with the signal's reason. */
  readonly enter: (signal?: AbortSignal) => Promise<(outcome: Outcome) => void>;
  /** Nothing is sent for this long: the server said so. */
  readonly pause: (ms: number) => void;
  readonly limit: () => number;
  readonly waiting: () => number;
}

interface Waiter {
  readonly go: () => void;
  readonly signal?: AbortSignal;
}

export function adaptiveConcurrency(name: string, clock: Clock): Concurrency {
  const queue: Set<Waiter> = new Set();
  let limit = startWith;
  let inFlight = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let resuming = false;
  let lastCut = Number.NEGATIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  let average: number | undefined;

  const cut = (factor: number) => {
    const now = clock.monotonic();
    if (now - lastCut < cooldownMs) return;
    lastCut = now;
    limit = Math.max(1, limit * factor);
  };

  const learn = (ms: number) => {
    average = average === undefined ? ms : average + (ms - average) * averaging;
    best = Math.min(best * drift, ms);
    if (average > slowMs && average > best * slowFactor) cut(0.8);
    else if (inFlight + 1 >= limit / 2) limit = Math.min(mostAtOnce, limit + 1 / limit);
  };

  const admit = () => {
    if (clock.monotonic() < pausedUntil) {
      if (resuming || queue.size === 0) return;
      resuming = true;
      clock.after(pausedUntil - clock.monotonic(), () => {
        resuming = false;
        admit();
      });
      return;
    }
    for (const waiter of queue) {
      if (inFlight >= Math.floor(limit)) return;
      queue.delete(waiter);
      inFlight++;
      waiter.go();
    }
  };

  const start = () => {
    const began = clock.monotonic();
    let left = false;
    return (outcome: Outcome) => {
      if (left) return;
      left = true;
      inFlight--;
      if (outcome === 'good') learn(clock.monotonic() - began);
      else if (outcome === 'overloaded') cut(0.5);
      admit();
    };
  };

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (queue.size >= mostWaiting) {
          return reject(tooManyRequests(`${mostWaiting} requests already wait for ${name}, please try again later`));
        }
        const waiter: Waiter = {
          go: () => {
            signal?.removeEventListener('abort', leave);
            resolve(start());
          },
        };
        const leave = () => {
          queue.delete(waiter);
          reject(signal!.reason);
        };
        signal?.addEventListener('abort', leave, { once: true });
        queue.add(waiter);
        admit();
      }),
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, clock.monotonic() + ms);
    },
    limit: () => Math.floor(limit),
    waiting: () => queue.size,
  };
}
