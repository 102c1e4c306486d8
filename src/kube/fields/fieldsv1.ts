/**
 * Reading and writing FieldsV1, the JSON of `metadata.managedFields[].fieldsV1`. Objects are immutable and shared, so
 * what was read or written once is known: an entry that many versions of an object carry is parsed at most once.
 */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { emptyFieldSet, entryOf, type FieldEntry, type FieldSet, leafOfText, sortedSet } from './node.ts';

const parsed = new WeakMap<JsonObject, FieldSet>();
/** What we have written; what was read may be in another order, so it is not given out again. */
const written = new WeakMap<FieldSet, JsonObject>();

/** Sets of texts read lately: 1,024 of about 1 kB, each some 10 kB as a set, are 10 MB; a full cache begins anew. */
const mostTexts = 1_024;
const ofTexts = new Map<string, FieldSet>();

const LEAF: JsonObject = Object.freeze({});

/** Throws RangeError when a key is malformed or a value is not an object. */
export function fromFieldsV1(fields: JsonObject | undefined): FieldSet {
  if (fields === undefined) return emptyFieldSet;
  const known = parsed.get(fields);
  if (known) return known;
  const set = readSet(fields);
  parsed.set(fields, set);
  return set;
}

/** FieldsV1 as text, as annotations carry it: the same for all objects of one shape. Throws SyntaxError or RangeError. */
export function fromFieldsText(text: string): FieldSet {
  const known = ofTexts.get(text);
  if (known) return known;
  const set = fromFieldsV1(JSON.parse(text) as JsonObject);
  if (ofTexts.size >= mostTexts) ofTexts.clear();
  ofTexts.set(text, set);
  return set;
}

function readSet(fields: JsonObject): FieldSet {
  const entries: FieldEntry[] = [];
  for (const text in fields) {
    if (text === '.') continue;
    const leaf = leafOfText(text);
    if (leaf) entries.push(readEntry(leaf, fields[text]));
  }
  return sortedSet(entries);
}

/** An entry with nothing below it is a member even without '.', as kube-apiserver reads it. */
function readEntry(leaf: FieldEntry, below: JsonValue | undefined): FieldEntry {
  if (below === null || below === undefined) return leaf;
  if (typeof below !== 'object' || Array.isArray(below)) {
    throw new RangeError(`expected an object below ${leaf.element.text}`);
  }
  const children = readSet(below as JsonObject);
  return children.entries.length === 0 ? leaf : entryOf(leaf.element, '.' in below, children);
}

/** In kube-apiserver's order. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const known = written.get(set);
  if (known) return known;
  const fields = writeSet(set, false);
  parsed.set(fields, set);
  written.set(set, fields);
  return fields;
}

function writeSet(set: FieldSet, self: boolean): JsonObject {
  if (set.entries.length === 0) return LEAF;
  const fields: Record<string, JsonObject> = {};
  if (self) fields['.'] = LEAF;
  for (const { element, member, children } of set.entries) fields[element.text] = writeSet(children, member);
  return fields;
}
