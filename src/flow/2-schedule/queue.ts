/**
 * The queue of the gate PriorityBasedScheduling: bindings of higher priority first, then those asked for earlier. One
 * that failed backs off for seconds; one no cluster had room for waits longer, until something changes or time is up.
 */
import { delayLine } from '#runtime/queue/delay-line.ts';
import type { KeyQueue, QueueMeter, QueueOptions, RetryReason } from '#runtime/queue/queue.ts';
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

export interface SchedulingQueue extends KeyQueue {
  /** How many wait in each line, for karmada_scheduler_pending_bindings. */
  readonly pending: (line: SchedulingLine) => number;
}

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

export function schedulingQueue({
  clock,
  ready,
  meter = unmetered,
  priorityOf,
}: SchedulingQueueOptions): SchedulingQueue {
  const active = replaceableHeap<Active>();
  const backoff = delayLine(clock, (key) => activate(key));
  /** Since when, monotonic. */
  const unschedulable = new Map<string, number>();
  const working = new Map<string, number>();
  const again = new Set<string>();
  /** Times taken since the last success. */
  const attempts = new Map<string, number>();
  let order = 0;
  let flush: Timer | undefined;
  let closed = false;

  function activate(key: string): boolean {
    const waiting = active.get(key);
    if (!waiting && active.size() >= mostKeys) {
      meter.refused();
      return false;
    }
    backoff.cancel(key);
    unschedulable.delete(key);
    const due = -priorityOf(key);
    if (waiting?.due === due) return true;
    if (!waiting) meter.added();
    active.set(key, { key, due, order: waiting?.order ?? order++, since: waiting?.since ?? clock.monotonic() });
    ready();
    return true;
  }

  function armFlush(): void {
    if (flush || closed || unschedulable.size === 0) return;
    flush = clock.after(flushMs, () => {
      flush = undefined;
      const before = clock.monotonic() - longestUnschedulableMs;
      for (const [key, since] of unschedulable) if (since <= before) activate(key);
      armFlush();
    });
  }

  function backoffMs(key: string): number {
    const tried = Math.max(1, attempts.get(key) ?? 1);
    return Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(tried - 1, 10));
  }

  function retry(key: string, why: RetryReason): number {
    meter.retried();
    if (why === 'failed') {
      const ms = backoffMs(key);
      backoff.set(key, ms, 'low');
      return ms;
    }
    unschedulable.set(key, clock.monotonic());
    armFlush();
    return longestUnschedulableMs;
  }

  return {
    add: (key) => {
      if (closed) return false;
      if (!working.has(key)) return activate(key);
      again.add(key);
      return true;
    },
    addAfter: (key, ms) => {
      if (!closed) backoff.set(key, ms, 'low');
    },
    retry,
    forget: (key) => {
      attempts.delete(key);
      backoff.cancel(key);
      unschedulable.delete(key);
    },
    failures: (key) => attempts.get(key) ?? 0,
    take: () => {
      const next = closed ? undefined : active.shift();
      if (!next) return undefined;
      const now = clock.monotonic();
      meter.waited(now - next.since);
      working.set(next.key, now);
      attempts.set(next.key, (attempts.get(next.key) ?? 0) + 1);
      return next.key;
    },
    done: (key) => {
      const since = working.get(key);
      if (since === undefined) return;
      working.delete(key);
      meter.worked(clock.monotonic() - since);
      if (again.delete(key) && !closed) activate(key);
    },
    depth: (priority) => (priority === 'low' ? 0 : active.size()),
    delayed: () => backoff.size() + unschedulable.size,
    pending: (line) => ({ active, backoff, unschedulable: { size: () => unschedulable.size } })[line].size(),
    runningSince: () => [...working.values()],
    close: () => {
      closed = true;
      flush?.cancel();
      backoff.close();
      unschedulable.clear();
    },
  };
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
