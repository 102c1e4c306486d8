/**
 * The JSON of objects that were listed lately. A list is asked for again and again, by informers that start, by `kubectl
 * get`, by pages of a console, and most of its objects are then what they were: writing them anew is half its cost.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';

/** 16 MiB of text in each of two generations: 20,000 objects of 1.6 kB, a quarter of what an idle process takes. */
const generationBytes = 16 * 1024 * 1024;
/** Nobody lists any more: the memory is given back. */
const idleMs = 60_000;

export type TextOf = (object: KubeObject) => string;

export interface ListedTexts {
  /**
   * How the items of a list are written: from what is kept, for a minute from now, or by `write` where there are more of
   * them than are kept. `write` is the same one for the same object.
   */
  readonly textOf: (items: readonly KubeObject[], write: TextOf, clock: Clock) => TextOf;
}

/** What was asked for lately is found in the older generation and comes into the younger; the rest goes with the older. */
export function listedTexts(bytes = generationBytes): ListedTexts {
  let young = new Map<KubeObject, string>();
  let old = new Map<KubeObject, string>();
  let size = 0;
  let listedAt = 0;
  let sweeping = false;

  const begin = (before: Map<KubeObject, string>) => {
    old = before;
    young = new Map();
    size = 0;
  };

  const sweep = (clock: Clock) => {
    const left = listedAt + idleMs - clock.monotonic();
    sweeping = left > 0;
    if (sweeping) clock.after(left, () => sweep(clock));
    else begin(new Map());
  };

  const kept = (object: KubeObject, write: TextOf): string => {
    const known = young.get(object);
    if (known !== undefined) return known;
    const text = old.get(object) ?? write(object);
    if (size + text.length > bytes) begin(young);
    young.set(object, text);
    size += text.length;
    return text;
  };

  return {
    textOf: (items, write, clock) => {
      // A list of more would find nothing of itself when it comes again, and pay for keeping it.
      const sample = items[items.length >> 1];
      if (sample && kept(sample, write).length * items.length > bytes) return write;
      listedAt = clock.monotonic();
      if (!sweeping) {
        sweeping = true;
        clock.after(idleMs, () => sweep(clock));
      }
      return (object) => kept(object, write);
    },
  };
}
