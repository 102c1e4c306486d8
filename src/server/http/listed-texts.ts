/**
 * The JSON of objects that were listed lately. A list is asked for again and again, by informers that start, by `kubectl
 * get`, by pages of a console, and most of its objects are then what they were: writing them anew is half its cost.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { jsonText } from '../storage/object-text.ts';

/** 16 MiB of text in each of two generations: 20,000 objects of 1.6 kB, a quarter of what an idle process takes. */
const generationBytes = 16 * 1024 * 1024;
/** Nobody lists any more: the memory is given back. */
const idleMs = 60_000;

export interface ListedTexts {
  /** `write` makes the text of an object that has not been listed lately; the same one for the same object. */
  readonly of: (object: KubeObject, write?: (object: KubeObject) => string) => string;
  /** After a list: what it asked for is kept for a minute from now. */
  readonly listed: (clock: Clock) => void;
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

  return {
    of: (object, write = jsonText) => {
      const known = young.get(object);
      if (known !== undefined) return known;
      const text = old.get(object) ?? write(object);
      if (size + text.length > bytes) begin(young);
      young.set(object, text);
      size += text.length;
      return text;
    },
    listed: (clock) => {
      listedAt = clock.monotonic();
      if (sweeping) return;
      sweeping = true;
      clock.after(idleMs, () => sweep(clock));
    },
  };
}
