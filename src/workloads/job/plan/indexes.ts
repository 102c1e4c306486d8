/**
 * Sets of indexes as a Job's status writes them: `0-2,4`. They are kept as ranges, for a Job may name thousands of
 * millions of them in one. Pure.
 */

/** First and last, both in it. */
type Range = readonly [number, number];

export interface Indexes {
  /** In order, none touching the next. */
  readonly ranges: readonly Range[];
  readonly size: number;
}

function indexesOf(ranges: readonly Range[]): Indexes {
  const joined: [number, number][] = [];
  for (const [first, last] of [...ranges].sort(([left], [right]) => left - right)) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return { ranges: joined, size: joined.reduce((sum, [first, last]) => sum + last - first + 1, 0) };
}

/** What is no index and no range is left out. */
export function readIndexes(text: string | undefined): Indexes {
  const ranges = (text ?? '').split(',').flatMap((part): readonly Range[] => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    return first === undefined || Number(first) > Number(last) ? [] : [[Number(first), Number(last)]];
  });
  return indexesOf(ranges);
}

export const writeIndexes = ({ ranges }: Indexes): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');

/** With these besides. */
export const withIndexes = ({ ranges }: Indexes, more: Iterable<number>): Indexes =>
  indexesOf([...ranges, ...[...more].map((index): Range => [index, index])]);

/** All that are in either. */
export const bothOf = (left: Indexes, right: Indexes): Indexes => indexesOf([...left.ranges, ...right.ranges]);

/** The range that ends at the index or behind it, first of all such; by halves, as there may be many. */
function rangeAt({ ranges }: Indexes, index: number): Range | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]![1] < index) low = middle + 1;
    else high = middle;
  }
  return ranges[low];
}

export function hasIndex(indexes: Indexes, index: number): boolean {
  const range = rangeAt(indexes, index);
  return range !== undefined && range[0] <= index;
}

/** The first from `index` on that is not in it. */
export function nextWithout(indexes: Indexes, index: number): number {
  const range = rangeAt(indexes, index);
  return range !== undefined && range[0] <= index ? range[1] + 1 : index;
}

/** How many are in both. */
export function countShared(left: Indexes, right: Indexes): number {
  let count = 0;
  for (let l = 0, r = 0; l < left.ranges.length && r < right.ranges.length; ) {
    const [a, b] = [left.ranges[l]!, right.ranges[r]!];
    count += Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]) + 1);
    if (a[1] < b[1]) l++;
    else r++;
  }
  return count;
}
