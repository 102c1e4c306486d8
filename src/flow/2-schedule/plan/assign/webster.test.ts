import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Party, webster } from './webster.ts';

const seatsOf = (seats: number, votes: Readonly<Record<string, number>>, descending = false) =>
  Object.fromEntries(
    webster(
      seats,
      Object.entries(votes).map(([name, count]) => ({ name, votes: count })),
      descending,
    ),
  );

describe('webster', () => {
  it.each<[number, Record<string, number>, Record<string, number>]>([
    // The example every text has: 230,000 votes, 8 seats.
    [8, { a: 100_000, b: 80_000, c: 30_000, d: 20_000 }, { a: 3, b: 3, c: 1, d: 1 }],
    [9, { a: 1, b: 2 }, { a: 3, b: 6 }],
    [9, { a: 1, b: 3 }, { a: 2, b: 7 }],
    [2, { a: 2, b: 1 }, { a: 1, b: 1 }],
    [5, { southcentral: 170, west: 110, east: 60 }, { southcentral: 2, west: 2, east: 1 }],
    [4, { a: 5, b: 0 }, { a: 4 }],
    [0, { a: 5, b: 1 }, { a: 0, b: 0 }],
    [3, {}, {}],
  ])('%i seats by %j', (seats, votes, expected) => expect(seatsOf(seats, votes)).toEqual(expected));

  it('equal claims: fewer seats first, then by name, one way or the other', () => {
    expect(seatsOf(1, { a: 1, b: 1, c: 1 })).toEqual({ a: 1, b: 0, c: 0 });
    expect(seatsOf(1, { a: 1, b: 1, c: 1 }, true)).toEqual({ a: 0, b: 0, c: 1 });
    // After a's first, a's 3/3 is b's 1/1: b has fewer.
    expect(seatsOf(2, { a: 3, b: 1 })).toEqual({ a: 1, b: 1 });
  });

  it('a billion seats take no longer than a few', () => {
    const found = seatsOf(1_000_000_000, { a: 1, b: 2, c: 4 });
    expect(found).toEqual({ a: 142_857_143, b: 285_714_286, c: 571_428_571 });
  });
});

const parties: fc.Arbitrary<readonly Party[]> = fc
  .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 })
  .map((votes) => votes.map((count, index) => ({ name: `p${index}`, votes: count })));

/** Dealt one by one, as the rule is told. */
function dealt(seats: number, list: readonly Party[], descending: boolean): ReadonlyMap<string, number> {
  const held = new Map(list.filter(({ votes }) => votes > 0).map(({ name }) => [name, 0]));
  const claim = ({ name, votes }: Party) => votes / (2 * held.get(name)! + 1);
  for (let seat = 0; seat < seats && held.size > 0; seat++) {
    const [first] = list
      .filter(({ name }) => held.has(name))
      .toSorted(
        (left, right) =>
          claim(right) - claim(left) ||
          held.get(left.name)! - held.get(right.name)! ||
          (left.name < right.name !== descending ? -1 : 1),
      );
    held.set(first!.name, held.get(first!.name)! + 1);
  }
  return held;
}

it('deals as if one by one', () => {
  fc.assert(
    fc.property(fc.nat(150), parties, fc.boolean(), (seats, list, descending) => {
      const fast = Object.fromEntries(webster(seats, list, descending));
      expect(fast).toEqual(Object.fromEntries(dealt(seats, list, descending)));
    }),
  );
});

it('nobody loses a seat when there is one more', () => {
  fc.assert(
    fc.property(fc.nat(500), parties, fc.boolean(), (seats, list, descending) => {
      const before = webster(seats, list, descending);
      const after = webster(seats + 1, list, descending);
      for (const [name, count] of before) expect(after.get(name)).toBeGreaterThanOrEqual(count);
    }),
  );
});
