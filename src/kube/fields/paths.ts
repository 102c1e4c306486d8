/** Field sets as lists of paths: building one from paths, asking for a path, listing all. */
import type { PathElement } from './element.ts';
import { emptyFieldSet, entryOf, type FieldEntry, type FieldSet, findEntry, leafOfField, sortedSet } from './node.ts';

/** Strings are field names. */
export type Path = readonly (string | PathElement)[];

const elementOf = (step: string | PathElement): PathElement =>
  typeof step === 'string' ? leafOfField(step).element : step;

/** The set with exactly these members; parents are not members. */
export function fieldSet(...paths: readonly Path[]): FieldSet {
  return sortedSet(paths.filter((path) => path.length > 0).map((path) => entryOfPath(path, 0)));
}

function entryOfPath(path: Path, depth: number): FieldEntry {
  const element = elementOf(path[depth]!);
  return depth === path.length - 1
    ? entryOf(element, true, emptyFieldSet)
    : entryOf(element, false, sortedSet([entryOfPath(path, depth + 1)]));
}

/** Whether the path itself is a member. */
export function has(set: FieldSet, path: Path): boolean {
  let below = set;
  let member = false;
  for (const step of path) {
    const entry = findEntry(below, elementOf(step));
    if (!entry) return false;
    member = entry.member;
    below = entry.children;
  }
  return member;
}

/** What lies below a path, without the path. */
export function below(set: FieldSet, path: Path): FieldSet {
  let result = set;
  for (const step of path) result = findEntry(result, elementOf(step))?.children ?? emptyFieldSet;
  return result;
}

export const isEmpty = (set: FieldSet): boolean => set.entries.length === 0;

/** Number of members. */
export function size(set: FieldSet): number {
  let count = 0;
  for (const { member, children } of set.entries) count += (member ? 1 : 0) + size(children);
  return count;
}

/** All members, in the order of conflict lists: the members of a level before what lies below that level. */
export function pathsOf(set: FieldSet): readonly (readonly PathElement[])[] {
  const paths: (readonly PathElement[])[] = [];
  collect(set, [], paths);
  return paths;
}

function collect(set: FieldSet, prefix: readonly PathElement[], paths: (readonly PathElement[])[]): void {
  for (const { element, member } of set.entries) if (member) paths.push([...prefix, element]);
  for (const { element, children } of set.entries) collect(children, [...prefix, element], paths);
}
