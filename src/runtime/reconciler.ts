/** What controllers and whoever runs them say to each other. */
import type { KeyQueue, QueueOptions } from './queue/queue.ts';

/**
 * The contract of every control loop. Reconciling is level-based: it is told which object, never what happened,
 * and looks at what is.
 *
 * - `done`: nothing more to do until something changes.
 * - `requeueAfter`: look again after `ms`; the reason is logged and shown by `flotilla status`.
 * - `terminal`: this cannot work until somebody changes an object; counted and logged, not retried.
 * - `waits`: what it takes is not there at present: tried again with the item's back-off, as no failure of ours. `until`
 *   says what is expected: that time helps (`backoff`), or only a change of something (`change`, where a queue may wait longer).
 * - A thrown error: retried with per-item exponential back-off. A Conflict is retried at once and not counted as a failure.
 */
export type Result =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'requeueAfter'; readonly ms: number; readonly reason: string }
  | { readonly outcome: 'terminal'; readonly reason: string }
  | { readonly outcome: 'waits'; readonly reason: string; readonly until: 'backoff' | 'change' };

export const done: Result = { outcome: 'done' };
export const requeueAfter = (ms: number, reason: string): Result => ({ outcome: 'requeueAfter', ms, reason });
export const terminal = (reason: string): Result => ({ outcome: 'terminal', reason });
export const waits = (reason: string, until: 'backoff' | 'change'): Result => ({ outcome: 'waits', reason, until });

export type Reconcile = (key: string) => Promise<Result>;

/**
 * What a room gives the manager for each of its controllers. `setUp` is called once, before informers sync: it wires
 * informer changes to `enqueue`. The manager syncs the informers, then runs `reconcile` with `workers` at a time,
 * never two for one key.
 */
export interface Controller {
  /** As compatibility.md section 11 and events name it: `binding`, `execution`. */
  readonly name: string;
  readonly workers: number;
  readonly setUp: (enqueue: Enqueue) => void;
  readonly reconcile: Reconcile;
  /** Absent: first come, first served, in two priorities. */
  readonly queue?: (options: QueueOptions) => KeyQueue;
}

export type Priority = 'high' | 'low';

/**
 * User edits are `high` (the default) and go before initial sync and resync, which are `low`. A key waits at most
 * once; asked for again while being reconciled, it is reconciled once more afterwards.
 */
export type Enqueue = (key: string, priority?: Priority) => void;
