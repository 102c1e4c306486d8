import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOf } from './search.ts';

/** Few letters, so that patterns are found, and nearly found. */
const text = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: least, maxLength: most });

test('finds what indexOf finds', () => {
  fc.assert(
    fc.property(text(0, 60), text(15, 24), text(0, 60), fc.nat(100), (before, pattern, after, from) => {
      const subject = before + pattern + after;
      const start = Math.min(from, subject.length);
      expect(placeOf(subject, pattern, start)).toBe(subject.indexOf(pattern, start));
      expect(placeOf(before, pattern, 0)).toBe(before.indexOf(pattern));
    }),
  );
});
