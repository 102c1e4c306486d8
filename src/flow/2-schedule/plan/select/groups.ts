/**
 * The best combination of groups: between `min` and `max` of them with at least `target` members together. Combinations
 * are tried depth first over the groups by value, and one that satisfies is not extended. Of all the heaviest wins, then
 * the one with most members, then the first; where its heaviest groups satisfy by themselves, they are taken alone.
 */
export interface Group {
  readonly name: string;
  /** Its members. */
  readonly value: number;
  /** Its score. */
  readonly weight: number;
}

/**
 * Combinations looked at: all there are of 16 groups. With more groups the search may end sooner; then the best found,
 * or the heaviest groups one after the other if there is none.
 */
const mostCombinations = 65_536;

const compareNames = (left: Group, right: Group) => (left.name < right.name ? -1 : 1);
const byValue = (left: Group, right: Group) =>
  left.value - right.value || right.weight - left.weight || compareNames(left, right);
const byWeight = (left: Group, right: Group) => right.weight - left.weight || compareNames(left, right);

const sumOf = (groups: readonly Group[], of: 'value' | 'weight') => groups.reduce((sum, group) => sum + group[of], 0);

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly target: number;
}

const satisfies = (length: number, value: number, { min, max, target }: Bounds) =>
  value >= target && length >= min && length <= max;

interface Best<T> {
  readonly groups: readonly T[];
  readonly weight: number;
  readonly value: number;
}

/** The winner of all combinations that the search records; undefined when none satisfies. */
function search<T extends Group>(groups: readonly T[], bounds: Bounds): Best<T> | undefined {
  // What the last n groups, the largest, have together: a branch that cannot reach the target even so is not entered.
  const largest = [0];
  for (const { value } of groups.toReversed()) largest.push(largest.at(-1)! + value);
  const path: T[] = [];
  let best: Best<T> | undefined;
  let looked = 0;
  const visit = (value: number, weight: number, begin: number): void => {
    if (looked++ > mostCombinations) return;
    if (satisfies(path.length, value, bounds)) {
      const wins = !best || weight > best.weight || (weight === best.weight && value > best.value);
      if (wins) best = { groups: [...path], weight, value };
      return;
    }
    const room = bounds.max - path.length;
    const left = groups.length - begin;
    if (room <= 0 || path.length + left < bounds.min) return;
    if (value + largest[Math.min(room, left)]! < bounds.target) return;
    for (let index = begin; index < groups.length; index++) {
      const group = groups[index]!;
      path.push(group);
      visit(value + group.value, weight + group.weight, index + 1);
      path.pop();
    }
  };
  visit(0, 0, 0);
  return best;
}

/** Whether the search records this combination: it satisfies, and none of its beginnings in the search's order does. */
function isRecorded(groups: readonly Group[], bounds: Bounds): boolean {
  if (!satisfies(groups.length, sumOf(groups, 'value'), bounds)) return false;
  let value = 0;
  return [...groups].sort(byValue).every((group, index) => {
    const endsHere = satisfies(index, value, bounds);
    value += group.value;
    return !endsHere;
  });
}

/** The heaviest, one after the other, until they satisfy. */
function heaviest<T extends Group>(groups: readonly T[], bounds: Bounds): readonly T[] {
  const ordered = [...groups].sort(byWeight);
  const count = ordered.findIndex((_group, index) =>
    satisfies(index + 1, sumOf(ordered.slice(0, index + 1), 'value'), bounds),
  );
  return count < 0 ? [] : ordered.slice(0, count + 1);
}

/** Heaviest first; empty when no combination satisfies. */
export function selectGroups<T extends Group>(
  groups: readonly T[],
  min: number,
  max: number,
  target: number,
): readonly T[] {
  const bounds = { min, max, target };
  const best = search([...groups].sort(byValue), bounds);
  if (!best) return heaviest(groups, bounds);
  const ordered = [...best.groups].sort(byWeight);
  for (let length = 1; length < ordered.length; length++) {
    const part = ordered.slice(0, length);
    if (isRecorded(part, bounds)) return part;
  }
  return ordered;
}
