/** Numbers from a range, each given out once: cluster IPs and node ports. Deterministic under a seed. */
import type { Random } from '#world/random/random.ts';

export interface Allocator {
  readonly first: number;
  readonly last: number;
  readonly inRange: (value: number) => boolean;
  /** False when it is taken. */
  readonly take: (value: number) => boolean;
  /** undefined when the range is used up. */
  readonly takeNext: () => number | undefined;
  readonly release: (value: number) => void;
}

/**
 * `reserved`: values from the beginning of the range that are given on request, and by themselves only when all
 * others are taken (KEP-3070, KEP-3668).
 */
export function allocator(first: number, last: number, reserved: number, random: Random): Allocator {
  const taken = new Set<number>();
  const search = (from: number, to: number): number | undefined => {
    const size = to - from + 1;
    if (size <= 0) return undefined;
    const start = Math.floor(random.next() * size);
    for (let step = 0; step < size; step++) {
      const value = from + ((start + step) % size);
      if (!taken.has(value)) return value;
    }
    return undefined;
  };
  return {
    first,
    last,
    inRange: (value) => value >= first && value <= last,
    take: (value) => {
      if (taken.has(value)) return false;
      taken.add(value);
      return true;
    },
    takeNext: () => {
      const value = search(first + reserved, last) ?? search(first, first + reserved - 1);
      if (value !== undefined) taken.add(value);
      return value;
    },
    release: (value) => {
      taken.delete(value);
    },
  };
}

/** As many as kube-apiserver keeps for requests: a sixteenth of the range, between 16 and 256; nothing of tiny ranges. */
export function reservedOf(size: number): number {
  const least = 16;
  if (size < least) return 0;
  return Math.min(256, Math.max(least, Math.floor(size / 16)));
}
