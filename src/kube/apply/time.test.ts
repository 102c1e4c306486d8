import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entryTime } from './time.ts';

it('writes the same text as the calendar', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
      (date) => {
        expect(entryTime(date.getTime())).toBe(`${date.toISOString().slice(0, 19)}Z`);
      },
    ),
    { numRuns: 500 },
  );
});

it.each(['1970-01-01T00:00:00Z', '2000-02-29T12:00:00Z', '2100-03-01T00:00:00Z', '2026-12-31T23:59:59Z'])(
  '%s',
  (text) => {
    expect(entryTime(Date.parse(text))).toBe(text);
    expect(entryTime(Date.parse(text) + 999)).toBe(text);
  },
);
