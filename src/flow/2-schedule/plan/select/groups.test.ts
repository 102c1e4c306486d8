import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, selectGroups } from './groups.ts';

const group = (name: string, value: number, weight: number): Group => ({ name, value, weight });
const names = (groups: readonly Group[]) => groups.map(({ name }) => name);

describe('selectGroups', () => {
  const four = [group('w', 2, 4), group('x', 3, 3), group('y', 6, 2), group('z', 7, 1)];

  it.each<[string, readonly Group[], number, number, number, readonly string[]]>([
    ['two of four with seven members', four, 2, 2, 7, ['w', 'y']],
    ['one is enough where it satisfies', [group('a', 2, 2), group('b', 1, 1)], 1, 2, 2, ['a']],
    ['the heaviest combination', [group('a', 1, 5), group('b', 1, 9), group('c', 1, 7)], 2, 2, 2, ['b', 'c']],
    ['equally heavy: most members', [group('a', 1, 5), group('b', 3, 5)], 1, 1, 1, ['b']],
    ['the heaviest part is enough by itself', [group('a', 5, 9), group('b', 1, 8)], 1, 2, 5, ['a']],
    ['its heaviest part is not enough', [group('a', 1, 9), group('b', 5, 8), group('c', 5, 1)], 1, 3, 5, ['a', 'b']],
    ['none satisfies', four, 1, 1, 8, []],
    ['none are there', [], 1, 1, 1, []],
    ['at most none', four, 0, 0, 1, []],
  ])('%s', (_what, groups, min, max, target, expected) => {
    expect(names(selectGroups(groups, min, max, target))).toEqual(expected);
  });

  it('more groups than combinations can be tried of: the answer satisfies, and soon', () => {
    const many = Array.from({ length: 60 }, (_, index) => group(`g${index}`, 1 + (index % 3), index));
    const found = selectGroups(many, 20, 40, 60);
    expect(found.length).toBeGreaterThanOrEqual(20);
    expect(found.length).toBeLessThanOrEqual(40);
    expect(found.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThanOrEqual(60);
  });

  it('finds what a search without shortcuts finds', () => {
    const groups = fc
      .array(fc.record({ value: fc.integer({ min: 1, max: 4 }), weight: fc.integer({ min: 0, max: 5 }) }), {
        maxLength: 7,
      })
      .map((list) => list.map(({ value, weight }, index) => group(`g${index}`, value, weight)));
    fc.assert(
      fc.property(groups, fc.nat(3), fc.nat(3), fc.nat(12), (list, min, more, target) => {
        expect(names(selectGroups(list, min, min + more, target))).toEqual(
          names(everyPath(list, min, min + more, target)),
        );
      }),
    );
  });
});

/** The rule as it is told: all recorded paths, sorted, then the heaviest one's own beginnings. */
function everyPath(groups: readonly Group[], min: number, max: number, target: number): readonly Group[] {
  if (groups.length === 0) return [];
  const compare = (left: Group, right: Group) => (left.name < right.name ? -1 : 1);
  const ordered = groups.toSorted((l, r) => l.value - r.value || r.weight - l.weight || compare(l, r));
  const paths: { groups: Group[]; weight: number; value: number; id: number }[] = [];
  const sum = (list: readonly Group[], of: 'value' | 'weight') => list.reduce((total, each) => total + each[of], 0);
  const visit = (path: readonly Group[], begin: number) => {
    if (sum(path, 'value') >= target && path.length >= min && path.length <= max) {
      const byWeight = path.toSorted((l, r) => r.weight - l.weight || compare(l, r));
      paths.push({ groups: byWeight, weight: sum(path, 'weight'), value: sum(path, 'value'), id: paths.length });
      return;
    }
    if (path.length >= max) return;
    for (let index = begin; index < ordered.length; index++) visit([...path, ordered[index]!], index + 1);
  };
  visit([], 0);
  paths.sort((l, r) => r.weight - l.weight || r.value - l.value || l.id - r.id);
  return paths
    .slice(1)
    .reduce(
      (best, { groups: part }) =>
        part.length < best.length && part.every((each, index) => each.name === best[index]!.name) ? part : best,
      paths[0]?.groups ?? [],
    );
}
