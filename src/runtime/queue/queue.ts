/**
 * What a controller has still to look at: each key at most once, user edits first, failures later and later. A key
 * in process is never handed out a second time; asked for meanwhile, it is handed out once more afterwards.
 */
import type { Clock } from '#world/clock/clock.ts';
import type { Priority } from '../reconciler.ts';
import { type DelayLine, delayLine } from './delay-line.ts';
import { keyLine } from './key-line.ts';

export interface QueueLimits {
  readonly mostKeys?: number;
  readonly firstRetryMs?: number;
  readonly longestRetryMs?: number;
}

const defaultLimits: Required<QueueLimits> = {
  /** Ten times the largest fleet we are tested with; at about 200 bytes a key 200 MB. Beyond it keys are refused and counted. */
  mostKeys: 1_000_000,
  /** As client-go's per-item exponential limiter: 5 ms, doubled at each failure in a row, up to 1,000 s. */
  firstRetryMs: 5,
  longestRetryMs: 1_000_000,
};

export interface QueueMeter {
  readonly added: () => void;
  readonly waited: (ms: number) => void;
  readonly worked: (ms: number) => void;
  readonly retried: () => void;
  readonly refused: () => void;
}

export interface QueueOptions {
  readonly clock: Clock;
  /** Called whenever a key has become ready; may be called more often than there are keys. */
  readonly ready: () => void;
  readonly meter?: QueueMeter;
  readonly limits?: QueueLimits;
}

/** What a controller's loop asks of a queue; a controller that needs an order of its own brings its own. */
export interface KeyQueue {
  /** False: the queue is full or closed, the key was not taken. */
  readonly add: (key: string, priority?: Priority) => boolean;
  readonly addAfter: (key: string, ms: number) => void;
  /** To be tried again later: after its back-off, or when something is expected to have changed. Answers in how many milliseconds at the latest. */
  readonly retry: (key: string, until: 'backoff' | 'change') => number;
  /** The key has succeeded: no failures, no delay. */
  readonly forget: (key: string) => void;
  readonly failures: (key: string) => number;
  /** The next key, now in process until `done`; with `least` high, only where a queue tells priorities apart, none that is low. */
  readonly take: (least?: Priority) => string | undefined;
  readonly done: (key: string) => void;
  readonly depth: (priority?: Priority) => number;
  readonly delayed: () => number;
  /** Monotonic times at which the keys in process were taken. */
  readonly runningSince: () => readonly number[];
  readonly close: () => void;
}

const unmetered: QueueMeter = { added() {}, waited() {}, worked() {}, retried() {}, refused() {} };

interface Working {
  /** Monotonic. */
  readonly since: number;
  readonly priority: Priority;
}

export class WorkQueue implements KeyQueue {
  private readonly clock: Clock;
  private readonly ready: () => void;
  private readonly meter: QueueMeter;
  private readonly limits: Required<QueueLimits>;
  private readonly line = keyLine();
  private readonly delays: DelayLine;
  private readonly working = new Map<string, Working>();
  /** Asked for while in process. */
  private readonly again = new Map<string, Priority>();
  private readonly failed = new Map<string, number>();
  private closed = false;

  constructor({ clock, ready, meter = unmetered, limits }: QueueOptions) {
    this.clock = clock;
    this.ready = ready;
    this.meter = meter;
    this.limits = { ...defaultLimits, ...limits };
    this.delays = delayLine(clock, (key, priority) => this.add(key, priority));
  }

  add(key: string, priority: Priority = 'high'): boolean {
    if (this.closed) return false;
    if (this.working.has(key)) {
      if (this.again.get(key) !== 'high') this.again.set(key, priority);
      return true;
    }
    if (!this.line.has(key)) {
      if (this.line.size() >= this.limits.mostKeys) {
        this.meter.refused();
        return false;
      }
      this.meter.added();
    }
    this.line.push(key, priority, this.clock.monotonic());
    this.ready();
    return true;
  }

  /** Adds the key after `ms`, with the priority it is processed with; a delay already running for it is replaced. */
  addAfter(key: string, ms: number): void {
    if (!this.closed) this.delays.set(key, ms, this.working.get(key)?.priority ?? 'low');
  }

  /** Counts a failure and adds the key after its back-off, which is answered in milliseconds. */
  retry(key: string): number {
    const failed = this.failures(key);
    this.failed.set(key, failed + 1);
    this.meter.retried();
    const wait = Math.min(this.limits.longestRetryMs, this.limits.firstRetryMs * 2 ** Math.min(failed, 40));
    this.addAfter(key, wait);
    return wait;
  }

  /** The key has succeeded: no failures, no delay. */
  forget(key: string): void {
    if (this.failed.size > 0) this.failed.delete(key);
    this.delays.cancel(key);
  }

  failures(key: string): number {
    return this.failed.get(key) ?? 0;
  }

  /** The next key, now in process until `done`. */
  take(least?: Priority): string | undefined {
    const next = this.closed ? undefined : this.line.shift(least);
    if (!next) return undefined;
    const now = this.clock.monotonic();
    this.meter.waited(now - next.since);
    this.working.set(next.key, { since: now, priority: next.priority });
    return next.key;
  }

  done(key: string): void {
    const working = this.working.get(key);
    if (!working) return;
    this.working.delete(key);
    this.meter.worked(this.clock.monotonic() - working.since);
    const priority = this.again.get(key);
    if (priority && this.again.delete(key)) this.add(key, priority);
  }

  depth(priority?: Priority): number {
    return this.line.size(priority);
  }

  delayed(): number {
    return this.delays.size();
  }

  /** Monotonic times at which the keys in process were taken. */
  runningSince(): readonly number[] {
    return Array.from(this.working.values(), ({ since }) => since);
  }

  /** Hands out nothing more and takes nothing more. */
  close(): void {
    this.closed = true;
    this.delays.close();
  }
}
