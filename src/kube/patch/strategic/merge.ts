/** Merging a strategic merge patch into a document (`apply`), or into another patch (`combine`, for three-way patches). */
import { deepEqual } from '../../meta/equal.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../meta/object.ts';
import type { Schema } from '../../schema/schema.ts';
import { define } from '../member.ts';
import {
  badElementOrder,
  badPrimitiveList,
  badRetainKeys,
  differentRetainKeys,
  isMap,
  mergeInList,
  noMergeKey,
  orderMismatch,
  unknownDirective,
  unmergeableList,
  wrongType,
} from './errors.ts';
import {
  deleteFromList,
  directive,
  elementOrder,
  type FieldRule,
  fieldRule,
  isDirective,
  retainKeys,
} from './fields.ts';
import { distinct, elementType, inOrder, requiredIdentity, shared } from './lists.ts';

export type MergeMode = 'apply' | 'combine';

/** A copy of an object that is made only when something changes. */
interface Draft {
  readonly get: (key: string) => JsonValue | undefined;
  readonly has: (key: string) => boolean;
  readonly set: (key: string, value: JsonValue | undefined) => void;
  readonly remove: (key: string) => void;
  readonly keys: () => readonly string[];
  readonly done: () => JsonObject;
}

function draftOf(original: JsonObject): Draft {
  let copy: Record<string, JsonValue | undefined> | undefined;
  const now = () => copy ?? original;
  const has = (key: string) => Object.hasOwn(now(), key) && now()[key] !== undefined;
  return {
    get: (key) => (has(key) ? now()[key] : undefined),
    has,
    set: (key, value) => {
      if (has(key) && now()[key] === value) return;
      copy = { ...now(), [key]: value };
    },
    remove: (key) => {
      if (!has(key)) return;
      const { [key]: _, ...rest } = now();
      copy = rest;
    },
    keys: () => Object.keys(now()),
    done: () => copy ?? original,
  };
}

export function mergeMap(
  original: JsonObject,
  patch: JsonObject,
  schema: Schema | undefined,
  mode: MergeMode,
): JsonObject {
  if (patch[directive] !== undefined) return directed(patch);
  const draft = draftOf(original);
  if (patch[retainKeys] !== undefined) applyRetainKeys(draft, patch, mode);
  const ordered = new Set<string>();
  for (const key of Object.keys(patch)) {
    if (key.startsWith(elementOrder)) ordered.add(applyElementOrder(draft, patch, key, schema, mode));
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || key === retainKeys || key.startsWith(elementOrder) || ordered.has(key)) continue;
    if (key.startsWith(deleteFromList)) mergeDeletions(draft, key, value, mode);
    else mergeField(draft, key, value, schema, mode);
  }
  return draft.done();
}

function directed(patch: JsonObject): JsonObject {
  const { [directive]: kind, ...rest } = patch;
  if (kind === 'replace') return content(rest) as JsonObject;
  if (kind === 'delete') return {};
  throw unknownDirective(kind, patch);
}

function mergeField(draft: Draft, key: string, value: JsonValue, schema: Schema | undefined, mode: MergeMode): void {
  const old = draft.get(key);
  if (value === null) {
    if (mode === 'combine') draft.set(key, null);
    else draft.remove(key);
  } else if (isMap(old) && isMap(value)) {
    const rule = fieldRule(schema, key);
    draft.set(key, rule.strategy === 'replace' ? value : mergeMap(old, value, rule.schema, mode));
  } else if (Array.isArray(old) && Array.isArray(value)) {
    draft.set(key, mergeList(old, value, fieldRule(schema, key), mode));
  } else if (isMap(value) && value[directive] !== undefined) {
    // A directive for what is not there: nothing to do.
    draft.remove(key);
  } else {
    draft.set(key, mode === 'apply' ? stripped(value) : withoutDirected(value));
  }
}

type Keeps = (key: string, member: JsonValue) => boolean;
type Drops = (value: JsonValue) => boolean;

const isContent: Keeps = (key, member) => member !== null && !isDirective(key);

/** What a map gets of a patch where it has nothing yet: no nulls in maps, no directives, nothing that has a `$patch`. */
const stripped = (value: JsonValue): JsonValue => clean(value, isContent, isDirected);

/** As a combined patch takes it over: nulls stay, they delete; maps with `$patch` do not. */
const withoutDirected = (value: JsonValue): JsonValue => clean(value, () => true, isDirected);

/** What replaces, or is new in a list: as stripped, but what says `$patch: replace` and has content is that content. */
const content = (value: JsonValue): JsonValue =>
  clean(
    value,
    isContent,
    (part) => isDirected(part) && !(part[directive] === 'replace' && Object.keys(part).length > 1),
  );

/** The value without the members that are not kept and the maps and items that are dropped. */
function clean(value: JsonValue, keeps: Keeps, drops: Drops): JsonValue {
  if (Array.isArray(value)) {
    const items = (value as JsonArray).filter((item) => !drops(item)).map((item) => clean(item, keeps, drops));
    return shared(value, items);
  }
  if (!isMap(value)) return value;
  let changed = false;
  const kept: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || drops(member) || !keeps(key, member)) changed = true;
    else {
      const whole = clean(member, keeps, drops);
      define(kept, key, whole);
      if (whole !== member) changed = true;
    }
  }
  return changed ? kept : value;
}

const isDirected = (value: JsonValue | undefined): value is JsonObject =>
  isMap(value) && value[directive] !== undefined;

function applyRetainKeys(draft: Draft, patch: JsonObject, mode: MergeMode): void {
  const kept = patch[retainKeys];
  if (mode === 'combine') {
    const other = draft.get(retainKeys);
    if (other !== undefined && !deepEqual(other, kept)) throw differentRetainKeys(other, kept);
    draft.set(retainKeys, kept);
    return;
  }
  if (!Array.isArray(kept)) throw badRetainKeys();
  const keys = new Set<JsonValue>(kept);
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null && value !== undefined && !isDirective(key) && !keys.has(key)) throw badRetainKeys();
  }
  for (const key of draft.keys()) if (!keys.has(key)) draft.remove(key);
}

/** Merges the list that the order is for, puts it in that order, and names it, so that it is not merged again. */
function applyElementOrder(
  draft: Draft,
  patch: JsonObject,
  orderKey: string,
  schema: Schema | undefined,
  mode: MergeMode,
): string {
  const key = orderKey.slice(elementOrder.length);
  const order = patch[orderKey];
  if (mode === 'combine') {
    const other = draft.get(orderKey);
    if (other !== undefined && !deepEqual(other, order)) throw badElementOrder();
    draft.set(orderKey, order);
  }
  if (!Array.isArray(order)) throw wrongType('list', order);
  const [old, added] = [draft.get(key), patch[key]];
  if (old !== undefined && !Array.isArray(old)) throw wrongType('list', old);
  if (added !== undefined && !Array.isArray(added)) throw wrongType('list', added);
  const rule = fieldRule(schema, key);
  const [oldList, addedList] = [(old ?? []) as JsonArray, (added ?? []) as JsonArray];
  checkOrder(addedList, order, rule.mergeKey);
  let merged: JsonArray;
  if (added === undefined) merged = oldList;
  else if (old === undefined) merged = (mode === 'apply' ? stripped(added) : withoutDirected(added)) as JsonArray;
  else merged = mergeList(oldList, addedList, rule, mode);
  if (old === undefined && added === undefined) return key;
  elementType(oldList, addedList);
  const serverOrder = placesAfterDeletion(oldList, addedList, rule.mergeKey);
  draft.set(key, shared(oldList, inOrder(merged, order, serverOrder, rule.mergeKey)));
  return key;
}

/**
 * The server's order of a list. Where the patch deletes items, what it adds takes the places that become free, so that
 * items that only the server knows stay before it; as kube-apiserver does, by sharing the array.
 */
function placesAfterDeletion(old: JsonArray, patch: JsonArray, mergeKey: string | undefined): JsonArray {
  if (mergeKey === undefined || !patch.some(isDirected)) return old;
  const identity = (item: JsonValue) => (item as JsonObject)[mergeKey];
  const deleted = new Set(patch.filter(isDirected).map(identity));
  const kept = old.filter((item: JsonValue) => !deleted.has(identity(item)));
  const known = new Set(kept.map(identity));
  const added = patch.filter((item: JsonValue) => !isDirected(item) && !known.has(identity(item)));
  return [...kept, ...added].slice(0, old.length);
}

/** What the patch's list has must stand in the order list, in the same order. */
function checkOrder(list: JsonArray, order: JsonArray, mergeKey: string | undefined): void {
  if (list.length === 0 || order.length === 0) return;
  const items = list.filter((item) => !isDirected(item));
  let at = 0;
  for (const each of order) {
    if (at === items.length) return;
    if (requiredIdentity(items[at]!, mergeKey) === requiredIdentity(each, mergeKey)) at++;
  }
  if (at < items.length) throw orderMismatch(list, order);
}

function mergeDeletions(draft: Draft, deletionKey: string, toDelete: JsonValue, mode: MergeMode): void {
  if (mode === 'combine') {
    draft.set(deletionKey, toDelete);
    return;
  }
  const key = deletionKey.slice(deleteFromList.length);
  if (toDelete === null) draft.remove(key);
  const old = draft.get(key);
  if (!Array.isArray(old)) return;
  if (!Array.isArray(toDelete)) throw badPrimitiveList();
  elementType(old, toDelete);
  draft.set(
    key,
    shared(
      old,
      old.filter((item: JsonValue) => !toDelete.includes(item)),
    ),
  );
}

function mergeList(original: JsonArray, patch: JsonArray, rule: FieldRule, mode: MergeMode): JsonArray {
  if (rule.strategy !== 'merge') return deepEqual(original, patch) ? original : patch;
  const type = elementType(original, patch);
  if (type === undefined) return original;
  if (type === 'scalar') {
    return shared(original, inOrder(distinct([...original, ...patch]), distinct(patch), original, undefined));
  }
  const { mergeKey } = rule;
  if (mergeKey === undefined) throw unmergeableList();
  const { kept, replaces, items } = readDirectives(original, patch as readonly JsonObject[], mergeKey);
  if (replaces) return items.map(content);
  const merged = mergeItems(kept, items, rule.schema, mergeKey, mode);
  return shared(original, inOrder(merged, items, kept, mergeKey));
}

/** The original without what the patch deletes, and the patch's items that are no directives. */
function readDirectives(original: JsonArray, patch: readonly JsonObject[], mergeKey: string) {
  const items: JsonObject[] = [];
  const deleted = new Set<JsonValue>();
  let replaces = false;
  for (const item of patch) {
    const kind = item[directive];
    if (kind === undefined) items.push(item);
    else if (kind === 'delete') deleted.add(requiredIdentity(item, mergeKey));
    else if (kind === 'replace') replaces = true;
    else throw kind === 'merge' ? mergeInList() : unknownDirective(kind, item);
  }
  const kept =
    deleted.size === 0 ? original : original.filter((item) => !deleted.has((item as JsonObject)[mergeKey] ?? null));
  return { kept, replaces, items };
}

function mergeItems(
  original: JsonArray,
  patch: readonly JsonObject[],
  schema: Schema | undefined,
  mergeKey: string,
  mode: MergeMode,
): JsonArray {
  const merged = [...original] as JsonObject[];
  for (const item of patch) {
    const identity = item[mergeKey];
    if (identity === undefined) throw noMergeKey(item, mergeKey);
    const at = merged.findIndex((each) => each[mergeKey] === identity);
    if (at >= 0) merged[at] = mergeMap(merged[at]!, item, schema, mode);
    else merged.push((mode === 'apply' ? content(item) : item) as JsonObject);
  }
  return merged;
}
