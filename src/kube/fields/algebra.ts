/**
 * Union, intersection, difference and equality of field sets, as structured merge defines them. Each is one walk over
 * both tries; where the result equals the first set, the first set itself is returned.
 */
import { compareElements } from './element.ts';
import { emptyFieldSet, entryOf, type FieldEntry, type FieldSet, setOf } from './node.ts';

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || b.entries.length === 0) return a;
  if (a.entries.length === 0) return b;
  const result: FieldEntry[] = [];
  let changed = false;
  let i = 0;
  let j = 0;
  while (i < a.entries.length || j < b.entries.length) {
    const x = a.entries[i];
    const y = b.entries[j];
    const order = x === undefined ? 1 : y === undefined ? -1 : compareElements(x.element, y.element);
    if (order < 0) result.push(x!);
    else if (order > 0) result.push(y!);
    else result.push(joinedEntry(x!, y!));
    changed ||= result[result.length - 1] !== x;
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return changed ? setOf(result) : a;
}

function joinedEntry(x: FieldEntry, y: FieldEntry): FieldEntry {
  const children = union(x.children, y.children);
  const member = x.member || y.member;
  return member === x.member && children === x.children ? x : entryOf(x.element, member, children);
}

/** Keeps of `a` what `keep` makes of each pair of entries; entries of `a` alone are kept or dropped as a whole. */
function combine(
  a: FieldSet,
  b: FieldSet,
  keepAlone: boolean,
  keep: (x: FieldEntry, y: FieldEntry) => FieldEntry | undefined,
): FieldSet {
  const result: FieldEntry[] = [];
  let changed = false;
  let j = 0;
  for (const x of a.entries) {
    let order = -1;
    while (j < b.entries.length) {
      order = compareElements(x.element, b.entries[j]!.element);
      if (order <= 0) break;
      j++;
    }
    const met = j < b.entries.length && order === 0;
    const kept = met ? keep(x, b.entries[j]!) : keepAlone ? x : undefined;
    if (kept) result.push(kept);
    changed ||= kept !== x;
  }
  return changed ? setOf(result) : a;
}

function kept(x: FieldEntry, member: boolean, children: FieldSet): FieldEntry | undefined {
  if (member === x.member && children === x.children) return x;
  return member || children.entries.length > 0 ? entryOf(x.element, member, children) : undefined;
}

export function intersect(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  if (a.entries.length === 0 || b.entries.length === 0) return emptyFieldSet;
  return combine(a, b, false, (x, y) => kept(x, x.member && y.member, intersect(x.children, y.children)));
}

/** Members of `a` that are not members of `b`. A parent in `b` takes nothing of what is below it in `a`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return emptyFieldSet;
  if (a.entries.length === 0 || b.entries.length === 0) return a;
  return combine(a, b, true, (x, y) => kept(x, x.member && !y.member, difference(x.children, y.children)));
}

/** Members of `a` that neither are members of `b` nor lie below one. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return emptyFieldSet;
  if (a.entries.length === 0 || b.entries.length === 0) return a;
  return combine(a, b, true, (x, y) =>
    y.member ? undefined : kept(x, x.member, recursiveDifference(x.children, y.children)),
  );
}

/** Of `set` what is a member of `places` or lies below one. */
export function atOrBelow(set: FieldSet, places: FieldSet): FieldSet {
  if (set.entries.length === 0 || places.entries.length === 0) return emptyFieldSet;
  return combine(set, places, false, (x, y) => (y.member ? x : kept(x, false, atOrBelow(x.children, y.children))));
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.entries.length !== b.entries.length) return false;
  for (let i = 0; i < a.entries.length; i++) {
    const x = a.entries[i]!;
    const y = b.entries[i]!;
    if (x === y) continue;
    if (x.member !== y.member || x.element.text !== y.element.text || !equalSets(x.children, y.children)) return false;
  }
  return true;
}

/** Only the members that have no members below them. */
export function leaves(set: FieldSet): FieldSet {
  let changed = false;
  const result = set.entries.map((entry) => {
    if (entry.children.entries.length === 0) return entry;
    const children = leaves(entry.children);
    if (!entry.member && children === entry.children) return entry;
    changed = true;
    return entryOf(entry.element, false, children);
  });
  return changed ? setOf(result) : set;
}
