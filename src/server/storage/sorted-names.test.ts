/** The chunked list is a sorted array, whatever is done to it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedNames } from './sorted-names.ts';

const walked = (names: SortedNames, after?: string) => {
  const result: string[] = [];
  names.walk(after, (name) => result.push(name) > 0);
  return result;
};

/** Few letters, so that names repeat, are prefixes of each other and neighbours. */
const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '0'), maxLength: 5 });

test('adds, deletes, walks and counts as a sorted array', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), name), { maxLength: 2_000, size: 'max' }), name, (steps, after) => {
      const names = new SortedNames();
      const model = new Set<string>();
      for (const [adding, step] of steps) {
        if (!adding) {
          names.delete(step);
          model.delete(step);
        } else if (!model.has(step)) {
          names.add(step);
          model.add(step);
        }
      }
      const sorted = [...model].sort();
      const rest = sorted.filter((one) => one > after);
      expect(names.size).toBe(sorted.length);
      expect(walked(names)).toEqual(sorted);
      expect(walked(names, after)).toEqual(rest);
      expect(names.countAfter(after)).toBe(rest.length);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['ascending', (index: number) => index],
  ['descending', (index: number) => 5_000 - index],
  ['from both ends', (index: number) => (index % 2 ? index : 10_000 - index)],
])('thousands of names that come %s stay in order', (_order, place) => {
  const names = new SortedNames();
  const expected: string[] = [];
  for (let index = 0; index < 5_000; index++) {
    const text = String(place(index)).padStart(6, '0');
    names.add(text);
    expected.push(text);
  }
  expected.sort();
  expect(walked(names)).toEqual(expected);
  for (let index = 0; index < 5_000; index += 2) names.delete(expected[index]!);
  expect(walked(names)).toEqual(expected.filter((_, index) => index % 2 === 1));
});

test('a walk ends when told to', () => {
  const names = new SortedNames();
  for (const one of ['a', 'b', 'c']) names.add(one);
  const seen: string[] = [];
  expect(names.walk(undefined, (one) => seen.push(one) < 2)).toBe(false);
  expect(seen).toEqual(['a', 'b']);
});
