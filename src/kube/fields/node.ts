/**
 * The trie that a field set is. A set holds entries in kube-apiserver's order; an entry is a member, has members below
 * it, or both. No entry is neither, so the empty set is the one without entries.
 */
import { compareElements, elementKinds, fieldElement, type PathElement, parseElement } from './element.ts';

export interface FieldSet {
  readonly entries: readonly FieldEntry[];
}

export interface FieldEntry {
  readonly element: PathElement;
  /** The field itself is in the set: '.' in FieldsV1, or an entry with nothing below it. */
  readonly member: boolean;
  readonly children: FieldSet;
}

export const emptyFieldSet: FieldSet = Object.freeze({ entries: Object.freeze([]) });

export const entryOf = (element: PathElement, member: boolean, children: FieldSet): FieldEntry => ({
  element,
  member,
  children,
});

/** `entries` must be in order, without duplicates and without empty ones. */
export const setOf = (entries: readonly FieldEntry[]): FieldSet => (entries.length === 0 ? emptyFieldSet : { entries });

/**
 * Leaves are shared: a field name or list key that occurs in a thousand objects is one entry. The caches hold 8,192
 * texts of about 100 bytes each (under 2 MiB); a full cache begins anew, which costs time and nothing else.
 */
const MAX_SHARED = 8_192;
const sharedByText = new Map<string, FieldEntry>();
const sharedByName = new Map<string, FieldEntry>();

function share(cache: Map<string, FieldEntry>, key: string, leaf: FieldEntry): FieldEntry {
  if (cache.size >= MAX_SHARED) cache.clear();
  cache.set(key, leaf);
  return leaf;
}

const leafOf = (element: PathElement): FieldEntry => entryOf(element, true, emptyFieldSet);

/** The leaf of a text as FieldsV1 writes it; undefined for an unknown prefix, RangeError for a malformed one. */
export function leafOfText(text: string): FieldEntry | undefined {
  const known = sharedByText.get(text);
  if (known) return known;
  const element = parseElement(text);
  if (!element) return undefined;
  // One leaf for a field however it is met, so that comparing two sets mostly compares references.
  return share(sharedByText, text, element.kind === elementKinds.field ? leafOfField(element.name) : leafOf(element));
}

export function leafOfField(name: string): FieldEntry {
  return sharedByName.get(name) ?? share(sharedByName, name, leafOf(fieldElement(name)));
}

/** Sorts entries and joins those of the same element; the array is the caller's own and is changed. */
export function sortedSet(entries: FieldEntry[]): FieldSet {
  for (let i = 1; i < entries.length; i++) {
    if (compareElements(entries[i - 1]!.element, entries[i]!.element) >= 0) return setOf(joined(entries));
  }
  return setOf(entries);
}

/** Entries of one element become one, all at once: pair by pair, many paths below one field would cost their square. */
function joined(entries: FieldEntry[]): FieldEntry[] {
  entries.sort((a, b) => compareElements(a.element, b.element));
  const result: FieldEntry[] = [];
  for (let start = 0, end = 0; start < entries.length; start = end) {
    const first = entries[start]!;
    for (end = start + 1; end < entries.length; end++) {
      if (compareElements(first.element, entries[end]!.element) !== 0) break;
    }
    if (end === start + 1) result.push(first);
    else {
      const same = entries.slice(start, end);
      const children = sortedSet(same.flatMap((entry) => entry.children.entries));
      result.push(
        entryOf(
          first.element,
          same.some((entry) => entry.member),
          children,
        ),
      );
    }
  }
  return result;
}

/** Up to so many entries are looked through by reference, which finds nearly all, before they are searched by content. */
const FEW = 16;

/** The entry of an element. */
export function findEntry(set: FieldSet, element: PathElement): FieldEntry | undefined {
  let low = 0;
  let high = set.entries.length - 1;
  if (high < FEW) for (const entry of set.entries) if (entry.element === element) return entry;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const entry = set.entries[middle]!;
    const order = compareElements(entry.element, element);
    if (order === 0) return entry;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
