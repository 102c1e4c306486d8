/** How many values of changes a plan has room for, and what it says of the others. */
import { expect, test } from 'vitest';
import type { Change } from '../model.ts';
import { changesTeller } from './assemble.ts';
import type { Judged } from './judge.ts';

const changing = (count: number, more = 0): Judged => {
  const changes = Array.from({ length: count }, (_, i): Change => ({ is: 'added', path: `.data.${i}`, managers: [] }));
  const live = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
  return {
    live,
    verdict: { is: 'adopt' },
    kept: [],
    overrides: [],
    overwrites: [],
    notes: [],
    told: { changes, more },
  };
};

test('a plan tells values as long as there is room, then how many objects are without', () => {
  const { changesOf, notes } = changesTeller(5);
  const { told: _, ...nothing } = changing(0);
  expect(changesOf(nothing)).toEqual({});
  expect(changesOf(changing(3, 2))).toMatchObject({ changes: { length: 3 }, moreChanges: 2 });
  expect(notes()).toEqual([]);
  expect(changesOf(changing(3, 4))).toEqual({ moreChanges: 7 });
  // What is small still finds its place.
  expect(changesOf(changing(2))).toMatchObject({ changes: { length: 2 } });
  expect(changesOf(changing(1))).toEqual({ moreChanges: 1 });
  expect(notes()).toEqual([
    expect.stringMatching(/^the changes of 2 objects are without values: .* room for 5 changes/),
  ]);
});
