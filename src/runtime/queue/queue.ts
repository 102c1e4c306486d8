/**
 * What a controller has still to look at: each key at most once, user edits first, failures later and later. A key
 * in process is never handed out a second time; asked for meanwhile, it is handed out once more afterwards.
 */
import type { Clock, Timer } from '#world/clock/clock.ts';
import { type Due, dueHeap } from '#world/clock/due-heap.ts';
import type { Priority } from '../reconciler.ts';
import { keyLine } from './key-line.ts';

/** As client-go's per-item exponential limiter: 5 ms, doubled at each failure in a row, up to 1,000 s. */
const firstRetryMs = 5;
const longestRetryMs = 1_000_000;

/** Ten times the largest fleet we are tested with; at about 200 bytes a key 200 MB. Beyond it keys are refused and counted. */
const mostKeys = 1_000_000;

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
  readonly limits?: { readonly mostKeys?: number; readonly firstRetryMs?: number; readonly longestRetryMs?: number };
}

export interface WorkQueue {
  /** False: the queue is full or closed, the key was not taken. */
  readonly add: (key: string, priority?: Priority) => boolean;
  /** Adds the key after `ms`; a delay already running for it is replaced. It comes as `low`: nobody waits for it. */
  readonly addAfter: (key: string, ms: number) => void;
  /** Counts a failure and adds the key after its back-off, which is answered in milliseconds. */
  readonly retry: (key: string) => number;
  /** The key has succeeded: no failures, no delay. */
  readonly forget: (key: string) => void;
  readonly failures: (key: string) => number;
  /** The next key, now in process until `done`. */
  readonly take: () => string | undefined;
  readonly done: (key: string) => void;
  readonly depth: (priority?: Priority) => number;
  /** Keys in process, with the monotonic time they were taken at. */
  readonly inProcess: () => ReadonlyMap<string, number>;
  readonly delayed: () => number;
  /** Hands out nothing more and takes nothing more. */
  readonly close: () => void;
}

/** Replaced and cancelled delays kept in the heap besides as many as there are live ones. */
const mostStale = 1_000;

interface Delayed extends Due {
  readonly key: string;
}

const unmetered: QueueMeter = { added() {}, waited() {}, worked() {}, retried() {}, refused() {} };

export function workQueue({ clock, ready, meter = unmetered, limits = {} }: QueueOptions): WorkQueue {
  const line = keyLine();
  const inProcess = new Map<string, number>();
  /** Asked for while in process. */
  const again = new Map<string, Priority>();
  const failures = new Map<string, number>();
  const most = limits.mostKeys ?? mostKeys;
  let closed = false;

  const add = (key: string, priority: Priority = 'high'): boolean => {
    if (closed) return false;
    if (inProcess.has(key)) {
      if (again.get(key) !== 'high') again.set(key, priority);
      return true;
    }
    if (!line.has(key)) {
      if (line.size() >= most) {
        meter.refused();
        return false;
      }
      meter.added();
    }
    line.push(key, priority, clock.monotonic());
    ready();
    return true;
  };

  const delays = delayLine(clock, (key) => add(key, 'low'));

  return {
    add,
    addAfter: (key, ms) => {
      if (closed) return;
      if (ms <= 0) add(key, 'low');
      else delays.set(key, ms);
    },
    retry: (key) => {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      meter.retried();
      const first = limits.firstRetryMs ?? firstRetryMs;
      const wait = Math.min(limits.longestRetryMs ?? longestRetryMs, first * 2 ** Math.min(failed, 40));
      if (!closed) delays.set(key, wait);
      return wait;
    },
    forget: (key) => {
      if (failures.size > 0) failures.delete(key);
      delays.cancel(key);
    },
    failures: (key) => failures.get(key) ?? 0,
    take: () => {
      if (closed) return undefined;
      const next = line.shift();
      if (!next) return undefined;
      const now = clock.monotonic();
      meter.waited(now - next.since);
      inProcess.set(next.key, now);
      return next.key;
    },
    done: (key) => {
      const since = inProcess.get(key);
      if (since === undefined) return;
      inProcess.delete(key);
      meter.worked(clock.monotonic() - since);
      const priority = again.get(key);
      if (priority && again.delete(key)) add(key, priority);
    },
    depth: line.size,
    inProcess: () => inProcess,
    delayed: delays.size,
    close: () => {
      closed = true;
      delays.close();
    },
  };
}

/** Keys that come later; one timer for the earliest. */
function delayLine(clock: Clock, due: (key: string) => void) {
  const waiting = new Map<string, Delayed>();
  let heap = dueHeap<Delayed>();
  let order = 0;
  let timer: Timer | undefined;
  let timerDue = Number.POSITIVE_INFINITY;

  /** The earliest that was neither replaced nor cancelled. */
  const earliest = (): Delayed | undefined => {
    let first = heap.peek();
    for (; first && waiting.get(first.key) !== first; first = heap.peek()) heap.pop();
    return first;
  };

  const sweep = () => {
    heap = dueHeap<Delayed>();
    for (const delayed of waiting.values()) heap.push(delayed);
  };

  const arm = () => {
    const first = earliest();
    if (first && first.due < timerDue) {
      timer?.cancel();
      timerDue = first.due;
      timer = clock.after(Math.max(0, first.due - clock.monotonic()), fire);
    }
  };

  const fire = () => {
    timer = undefined;
    timerDue = Number.POSITIVE_INFINITY;
    const now = clock.monotonic();
    for (let first = earliest(); first && first.due <= now; first = earliest()) {
      heap.pop();
      waiting.delete(first.key);
      due(first.key);
    }
    arm();
  };

  return {
    set: (key: string, ms: number) => {
      const delayed = { key, due: clock.monotonic() + ms, order: order++ };
      waiting.set(key, delayed);
      heap.push(delayed);
      if (heap.size() > 2 * waiting.size + mostStale) sweep();
      arm();
    },
    cancel: (key: string) => {
      if (waiting.size > 0) waiting.delete(key);
    },
    size: () => waiting.size,
    close: () => {
      timer?.cancel();
      waiting.clear();
    },
  };
}
