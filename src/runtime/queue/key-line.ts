/** Keys in two lines, `high` before `low`, first come first served, each key in one of them at most. */
import type { Priority } from '../reconciler.ts';

interface Waiting {
  readonly key: string;
  /** Monotonic time of its first asking. */
  readonly since: number;
  priority: Priority;
  next: Waiting | undefined;
}

export interface KeyLine {
  readonly has: (key: string) => boolean;
  readonly size: (priority?: Priority) => number;
  /** A key that waits as `low` and is asked for as `high` moves to the end of the high line; otherwise it keeps its place. */
  readonly push: (key: string, priority: Priority, now: number) => void;
  /** The first to come; with `least` high, none of the low line. */
  readonly shift: (
    least?: Priority,
  ) => { readonly key: string; readonly since: number; readonly priority: Priority } | undefined;
}

export function keyLine(): KeyLine {
  const waiting = new Map<string, Waiting>();
  const high = linked();
  const low = linked();
  let highSize = 0;

  return {
    has: (key) => waiting.has(key),
    size: (priority) => {
      if (priority === undefined) return waiting.size;
      return priority === 'high' ? highSize : waiting.size - highSize;
    },
    push: (key, priority, now) => {
      const present = waiting.get(key);
      if (present && (present.priority === 'high' || priority === 'low')) return;
      // A promoted key leaves its old entry in the low line, where `shift` passes over it.
      const entry: Waiting = { key, since: present?.since ?? now, priority, next: undefined };
      waiting.set(key, entry);
      if (priority === 'high') highSize++;
      (priority === 'high' ? high : low).append(entry);
    },
    shift: (least = 'low') => {
      const first = high.shift();
      if (first) {
        highSize--;
        waiting.delete(first.key);
        return first;
      }
      if (least === 'high') return undefined;
      for (let entry = low.shift(); entry; entry = low.shift()) {
        if (waiting.get(entry.key) !== entry) continue;
        waiting.delete(entry.key);
        return entry;
      }
      return undefined;
    },
  };
}

function linked() {
  let head: Waiting | undefined;
  let tail: Waiting | undefined;
  return {
    append: (entry: Waiting) => {
      if (tail) tail.next = entry;
      else head = entry;
      tail = entry;
    },
    shift: (): Waiting | undefined => {
      const first = head;
      head = first?.next;
      if (!head) tail = undefined;
      return first;
    },
  };
}
