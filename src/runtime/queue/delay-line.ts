/** Keys that come later, each at one time at most; one timer for the earliest. */
import type { Clock, Timer } from '#world/clock/clock.ts';
import { type Due, dueHeap } from '#world/clock/due-heap.ts';
import type { Priority } from '../reconciler.ts';

/** Replaced and cancelled delays kept in the heap besides as many as there are live ones. */
const mostStale = 1_000;

interface Delayed extends Due {
  readonly key: string;
  readonly priority: Priority;
}

export interface DelayLine {
  /** Replaces a delay already running for the key. */
  readonly set: (key: string, ms: number, priority: Priority) => void;
  readonly cancel: (key: string) => void;
  readonly size: () => number;
  readonly close: () => void;
}

export function delayLine(clock: Clock, due: (key: string, priority: Priority) => void): DelayLine {
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
    if (!first || first.due >= timerDue) return;
    timer?.cancel();
    timerDue = first.due;
    timer = clock.after(Math.max(0, first.due - clock.monotonic()), fire);
  };

  const fire = () => {
    timer = undefined;
    timerDue = Number.POSITIVE_INFINITY;
    const now = clock.monotonic();
    for (let first = earliest(); first && first.due <= now; first = earliest()) {
      heap.pop();
      waiting.delete(first.key);
      due(first.key, first.priority);
    }
    arm();
  };

  return {
    set: (key, ms, priority) => {
      const delayed = { key, priority, due: clock.monotonic() + ms, order: order++ };
      waiting.set(key, delayed);
      heap.push(delayed);
      if (heap.size() > 2 * waiting.size + mostStale) sweep();
      arm();
    },
    cancel: (key) => {
      if (waiting.size > 0) waiting.delete(key);
    },
    size: () => waiting.size,
    close: () => {
      timer?.cancel();
      waiting.clear();
    },
  };
}
