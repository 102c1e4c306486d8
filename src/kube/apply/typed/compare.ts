/**
 * What changed between two values of one type, as three field sets. Objects are copy-on-write, so whatever is the same
 * reference on both sides is skipped: a changed status field costs its own path only.
 */
import { union } from '#kube/fields/algebra.ts';
import { emptyFieldSet, entryOf, type FieldEntry, type FieldSet, leafOfField, sortedSet } from '#kube/fields/node.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { fieldsBelow } from './field-set.ts';
import {
  deducedType,
  isList,
  isMap,
  type ListType,
  leafOfItem,
  type MapType,
  objectType,
  type Shape,
  shapeOf,
  type Type,
} from './type.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

type Change = keyof Comparison;

/** Collects what changed below one value, and in which ways the value itself did. */
interface Changes {
  added: FieldEntry[];
  modified: FieldEntry[];
  removed: FieldEntry[];
  readonly self: Record<Change, boolean>;
}

const noChanges = (): Changes => ({
  added: [],
  modified: [],
  removed: [],
  self: { added: false, modified: false, removed: false },
});

export const unchanged: Comparison = { added: emptyFieldSet, modified: emptyFieldSet, removed: emptyFieldSet };

/** Compares two objects of a kind; identity and bookkeeping fields are left out. */
export function compare(schema: Schema, before: unknown, after: unknown): Comparison {
  if (before === after) return unchanged;
  const changes = noChanges();
  compareMaps(objectType(schema).map, before as JsonObject, after as JsonObject, changes);
  return {
    added: sortedSet(changes.added),
    modified: sortedSet(changes.modified),
    removed: sortedSet(changes.removed),
  };
}

export const touched = (comparison: Comparison): FieldSet => union(comparison.modified, comparison.added);

/** Both sides are there and differ as references. */
function compareValues(type: Type, before: JsonValue, after: JsonValue, changes: Changes): void {
  const shape = shapeOf(type, after);
  const shapeBefore = shapeOf(type, before);
  const several = (type.map ? 1 : 0) + (type.scalar ? 1 : 0) + (type.list ? 1 : 0) > 1;
  if (several && shapeBefore !== shape) compareAs(shapeBefore, type, before, after, changes);
  compareAs(shape, type, before, after, changes);
}

function compareAs(shape: Shape, type: Type, before: JsonValue, after: JsonValue, changes: Changes): void {
  if (shape === 'map' && !type.map!.atomic && (hasFields(before) || hasFields(after))) {
    const left = isMap(before);
    const right = isMap(after);
    compareMaps(type.map!, left ? before : NO_FIELDS, right ? after : NO_FIELDS, changes, left, right);
  } else if (shape === 'list' && !type.list!.atomic && (hasItems(before) || hasItems(after))) {
    compareLists(type.list!, isList(before) ? before : NO_ITEMS, isList(after) ? after : NO_ITEMS, changes);
  } else if (!deepEqual(before, after)) changes.self.modified = true;
}

const NO_FIELDS: JsonObject = {};
const NO_ITEMS: JsonArray = [];

const hasItems = (value: JsonValue): boolean => isList(value) && value.length > 0;

function hasFields(value: JsonValue): boolean {
  if (isMap(value)) for (const key in value) if (value[key] !== undefined) return true;
  return false;
}

/** `left` and `right` say whether the map is there; only of a map that is there are zero values there. */
function compareMaps(
  map: MapType,
  before: JsonObject,
  after: JsonObject,
  changes: Changes,
  left = true,
  right = true,
): void {
  for (const name in after) {
    if (after[name] !== before[name]) compareField(map, name, before, after, changes, left, right);
  }
  for (const name in before) {
    if ((after[name] === undefined || !Object.hasOwn(after, name)) && before[name] !== undefined) {
      compareField(map, name, before, after, changes, left, right);
    }
  }
}

/** Every object has a `constructor` of some kind; what counts is what the document says. */
const own = (map: JsonObject, name: string) => (Object.hasOwn(map, name) ? map[name] : undefined);

function compareField(
  map: MapType,
  name: string,
  before: JsonObject,
  after: JsonObject,
  changes: Changes,
  left: boolean,
  right: boolean,
): void {
  const field = map.field(name);
  if (field?.unowned) return;
  const [was, is] = [own(before, name), own(after, name)];
  const x = was === undefined && left ? field?.absent : was;
  const y = is === undefined && right ? field?.absent : is;
  if (field?.writtenEmpty && (x ?? null) === (y ?? null)) return;
  compareChild(field?.leaf ?? leafOfField(name), field?.type ?? map.rest?.() ?? deducedType, x, y, changes);
}

/** Compares a field or item of which at least one side is usually there, and hands the result to its parent. */
function compareChild(
  leaf: FieldEntry,
  type: Type,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  changes: Changes,
): void {
  if (before === after) return;
  if (before === undefined) changes.added.push(wholeOf(leaf, type, after!));
  else if (after === undefined) changes.removed.push(wholeOf(leaf, type, before));
  else if (typeof before !== 'object' && typeof after !== 'object' && type.scalar) changes.modified.push(leaf);
  else {
    const below = noChanges();
    compareValues(type, before, after, below);
    pushChild('added', leaf, below, changes);
    pushChild('modified', leaf, below, changes);
    pushChild('removed', leaf, below, changes);
  }
}

function pushChild(change: Change, leaf: FieldEntry, below: Changes, changes: Changes): void {
  if (below[change].length > 0)
    changes[change].push(entryOf(leaf.element, below.self[change], sortedSet(below[change])));
  else if (below.self[change]) changes[change].push(leaf);
}

function wholeOf(leaf: FieldEntry, type: Type, value: JsonValue): FieldEntry {
  const children = fieldsBelow(type, value, true);
  return children === undefined || children.entries.length === 0 ? leaf : entryOf(leaf.element, true, children);
}

function compareLists(list: ListType, before: JsonArray, after: JsonArray, changes: Changes): void {
  const type = list.item();
  const left = itemsByElement(list, before);
  const right = itemsByElement(list, after);
  for (const [text, { leaf, items }] of left) {
    const others = right.get(text)?.items ?? NO_ITEMS;
    if (items.length < 2 && others.length < 2) compareChild(leaf, type, items[0], others[0], changes);
    else compareDuplicates(leaf, type, items, others, changes);
  }
  for (const [text, { leaf, items }] of right) {
    if (left.has(text)) continue;
    if (items.length < 2) compareChild(leaf, type, undefined, items[0], changes);
    else compareDuplicates(leaf, type, NO_ITEMS, items, changes);
  }
}

/** Items that cannot be told apart are one field together; one that becomes single again gets its own fields. */
function compareDuplicates(leaf: FieldEntry, type: Type, before: JsonArray, after: JsonArray, changes: Changes): void {
  if (before.length > 1 && after.length > 1) {
    if (!deepEqual(before, after)) changes.modified.push(leaf);
  } else if (before.length > 1) {
    if (after.length > 0) changes.added.push(wholeOf(leaf, type, after[0]!));
    changes.removed.push(leaf);
  } else {
    if (before.length > 0) changes.removed.push(wholeOf(leaf, type, before[0]!));
    changes.added.push(leaf);
  }
}

interface Items {
  readonly leaf: FieldEntry;
  readonly items: JsonValue[];
}

/** The items of a list under the texts of their elements; what has no element is nobody's and left out. */
function itemsByElement(list: ListType, items: JsonArray): ReadonlyMap<string, Items> {
  const result = new Map<string, Items>();
  for (const item of items) {
    const leaf = leafOfItem(list, item);
    if (!leaf) continue;
    const known = result.get(leaf.element.text);
    if (known) known.items.push(item);
    else result.set(leaf.element.text, { leaf, items: [item] });
  }
  return result;
}
