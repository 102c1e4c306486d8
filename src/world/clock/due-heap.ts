/** Things that fall due: a binary heap by due time, then by order of arrival. Simulated timers and delayed work live in it. */

export interface Due {
  /** Milliseconds of whichever clock the owner uses. */
  readonly due: number;
  /** Breaks ties: what came first falls due first. */
  readonly order: number;
}

export interface DueHeap<T extends Due> {
  readonly size: () => number;
  readonly push: (item: T) => void;
  readonly peek: () => T | undefined;
  readonly pop: () => T | undefined;
}

const before = (a: Due, b: Due): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

export function dueHeap<T extends Due>(): DueHeap<T> {
  const items: T[] = [];

  const rise = (item: T) => {
    let at = items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  };

  const sink = (item: T) => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, item)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
  };

  return {
    size: () => items.length,
    push: rise,
    peek: () => items[0],
    pop: () => {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0 && last) sink(last);
      return first;
    },
  };
}
