/**
 * The queue of the gate PriorityBasedScheduling: bindings of higher priority first, then those asked for earlier. One
 * that failed backs off for seconds; one no cluster had room for waits longer, until something changes or time is up.
 */
import { type DelayLine, delayLine } from '#runtime/queue/delay-line.ts';
import type { KeyQueue, QueueMeter, QueueOptions } from '#runtime/queue/queue.ts';
import type { Priority } from '#runtime/reconciler.ts';
import type { Timer } from '#world/clock/clock.ts';
import { type Due, dueHeap } from '#world/clock/due-heap.ts';

/** As the reference: 1 s, doubled at each attempt in a row, up to 10 s. */
const firstBackoffMs = 1_000;
const longestBackoffMs = 10_000;
/** As the reference: what is unschedulable is tried again after 5 minutes, looked for every 30 s. */
const longestUnschedulableMs = 5 * 60_000;
const flushMs = 30_000;
/** As the general queue's; at about 200 bytes a key 200 MB. Beyond it keys are refused and counted. */
const mostKeys = 1_000_000;
/** Entries of the heap that were replaced, besides as many as there are live ones. */
const mostStale = 1_000;

const unmetered: QueueMeter = { added() {}, waited() {}, worked() {}, retried() {}, refused() {} };

export type SchedulingLine = 'active' | 'backoff' | 'unschedulable';

export interface SchedulingQueueOptions extends QueueOptions {
  /** `schedulePriority.priority` of the binding at present; 0 for one that has none. */
  readonly priorityOf: (key: string) => number;
}

/** `due` is the negated priority: the heap gives the least first. */
interface Active extends Due {
  readonly key: string;
  /** Monotonic. */
  readonly since: number;
}

export class SchedulingQueue implements KeyQueue {
  private readonly options: SchedulingQueueOptions;
  private readonly meter: QueueMeter;
  private readonly active = replaceableHeap<Active>();
  private readonly backoff: DelayLine;
  /** Since when, monotonic. */
  private readonly unschedulable = new Map<string, number>();
  private readonly working = new Map<string, number>();
  private readonly again = new Set<string>();
  /** Times taken since the last success. */
  private readonly attempts = new Map<string, number>();
  private order = 0;
  private flush: Timer | undefined;
  private closed = false;

  constructor(options: SchedulingQueueOptions) {
    this.options = options;
    this.meter = options.meter ?? unmetered;
    this.backoff = delayLine(options.clock, (key) => this.activate(key));
  }

  add(key: string): boolean {
    if (this.closed) return false;
    if (!this.working.has(key)) return this.activate(key);
    this.again.add(key);
    return true;
  }

  addAfter(key: string, ms: number): void {
    if (!this.closed) this.backoff.set(key, ms, 'low');
  }

  retry(key: string, until: 'backoff' | 'change'): number {
    this.meter.retried();
    if (until === 'backoff') {
      const tried = Math.max(1, this.failures(key));
      const ms = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(tried - 1, 10));
      this.addAfter(key, ms);
      return ms;
    }
    this.unschedulable.set(key, this.options.clock.monotonic());
    this.armFlush();
    return longestUnschedulableMs;
  }

  forget(key: string): void {
    this.attempts.delete(key);
    this.backoff.cancel(key);
    this.unschedulable.delete(key);
  }

  failures(key: string): number {
    return this.attempts.get(key) ?? 0;
  }

  take(): string | undefined {
    const next = this.closed ? undefined : this.active.shift();
    if (!next) return undefined;
    const now = this.options.clock.monotonic();
    this.meter.waited(now - next.since);
    this.working.set(next.key, now);
    this.attempts.set(next.key, this.failures(next.key) + 1);
    return next.key;
  }

  done(key: string): void {
    const since = this.working.get(key);
    if (since === undefined) return;
    this.working.delete(key);
    this.meter.worked(this.options.clock.monotonic() - since);
    if (this.again.delete(key) && !this.closed) this.activate(key);
  }

  depth(priority?: Priority): number {
    return priority === 'low' ? 0 : this.pending('active');
  }

  delayed(): number {
    return this.pending('backoff') + this.pending('unschedulable');
  }

  /** How many wait in a line, for karmada_scheduler_pending_bindings. */
  pending(line: SchedulingLine): number {
    return line === 'unschedulable' ? this.unschedulable.size : this[line].size();
  }

  runningSince(): readonly number[] {
    return [...this.working.values()];
  }

  close(): void {
    this.closed = true;
    this.flush?.cancel();
    this.backoff.close();
    this.unschedulable.clear();
  }

  private activate(key: string): boolean {
    const { clock, priorityOf, ready } = this.options;
    const waiting = this.active.get(key);
    if (!waiting && this.active.size() >= mostKeys) {
      this.meter.refused();
      return false;
    }
    this.backoff.cancel(key);
    this.unschedulable.delete(key);
    const due = -priorityOf(key);
    if (waiting?.due === due) return true;
    if (!waiting) this.meter.added();
    const order = waiting?.order ?? this.order++;
    this.active.set(key, { key, due, order, since: waiting?.since ?? clock.monotonic() });
    ready();
    return true;
  }

  private armFlush(): void {
    if (this.flush || this.closed || this.unschedulable.size === 0) return;
    const { clock } = this.options;
    this.flush = clock.after(flushMs, () => {
      this.flush = undefined;
      const before = clock.monotonic() - longestUnschedulableMs;
      for (const [key, since] of this.unschedulable) if (since <= before) this.activate(key);
      this.armFlush();
    });
  }
}

/** A heap whose entries are found, and replaced, by key. */
function replaceableHeap<T extends Due & { readonly key: string }>() {
  const live = new Map<string, T>();
  let heap = dueHeap<T>();
  return {
    get: (key: string) => live.get(key),
    size: () => live.size,
    set: (key: string, entry: T) => {
      live.set(key, entry);
      heap.push(entry);
      if (heap.size() <= 2 * live.size + mostStale) return;
      heap = dueHeap<T>();
      for (const each of live.values()) heap.push(each);
    },
    shift: (): T | undefined => {
      for (let first = heap.pop(); first; first = heap.pop()) {
        if (live.get(first.key) !== first) continue;
        live.delete(first.key);
        return first;
      }
      return undefined;
    },
  };
}
