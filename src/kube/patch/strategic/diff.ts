/** The strategic merge patch between two documents: its additions and changes, its deletions, or both. */
import { deepEqual } from '../../meta/equal.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../meta/object.ts';
import type { Schema } from '../../schema/schema.ts';
import { define } from '../member.ts';
import { goText, isMap, unmergeableList } from './errors.ts';
import { deleteFromList, directive, elementOrder, type FieldRule, fieldRule, retainKeys } from './fields.ts';
import { distinct, elementType, requiredIdentity } from './lists.ts';

export interface DiffOptions {
  readonly changes: boolean;
  readonly deletions: boolean;
  /** Say in `$retainKeys` which members may stay. */
  readonly retainKeys?: boolean;
}

type Patch = Record<string, JsonValue>;

export function diffMaps(
  original: JsonObject,
  modified: JsonObject,
  schema: Schema | undefined,
  options: DiffOptions,
): JsonObject {
  const patch: Patch = {};
  for (const [key, value] of Object.entries(modified)) {
    if (value === undefined) continue;
    const old = Object.hasOwn(original, key) ? original[key] : undefined;
    if (isMap(old) && isMap(value)) diffMap(patch, key, old, value, fieldRule(schema, key), options);
    else if (Array.isArray(old) && Array.isArray(value))
      diffList(patch, key, old, value, fieldRule(schema, key), options);
    else if (options.changes && old !== value) define(patch, key, value);
  }
  const gone = Object.keys(original).filter(
    (key) => original[key] !== undefined && (!Object.hasOwn(modified, key) || modified[key] === undefined),
  );
  if (options.deletions) for (const key of gone) define(patch, key, null);
  if (options.retainKeys) {
    const kept = Object.keys(modified).filter((key) => modified[key] !== undefined && modified[key] !== null);
    const removes = gone.some((key) => original[key] !== null);
    if (kept.length > 0 && (removes || Object.keys(patch).length > 0)) patch[retainKeys] = kept.sort();
  }
  return patch;
}

function diffMap(
  patch: Patch,
  key: string,
  old: JsonObject,
  value: JsonObject,
  rule: FieldRule,
  options: DiffOptions,
): void {
  if (rule.strategy === 'replace') {
    if (options.changes) define(patch, key, value);
    return;
  }
  const inner = diffMaps(old, value, rule.schema, { ...options, retainKeys: rule.retainKeys });
  if (Object.keys(inner).length > 0) define(patch, key, inner);
}

function diffList(
  patch: Patch,
  key: string,
  old: JsonArray,
  value: JsonArray,
  rule: FieldRule,
  options: DiffOptions,
): void {
  if (rule.strategy !== 'merge') {
    if (options.changes && !deepEqual(old, value)) define(patch, key, value);
    return;
  }
  if (old.length === 0) {
    if (value.length > 0 && options.changes) define(patch, key, value);
    return;
  }
  if (elementType(old, value) === 'map') diffItems(patch, key, old, value, rule, options);
  else diffScalars(patch, key, old, value, options);
}

function diffScalars(patch: Patch, key: string, old: JsonArray, value: JsonArray, options: DiffOptions): void {
  const added = options.changes ? withoutEach(value, old) : [];
  const deleted = options.deletions ? distinct(withoutEach(old, value)) : [];
  if (added.length > 0) define(patch, key, added);
  if (deleted.length > 0) define(patch, deleteFromList + key, [...deleted].sort(byText));
  const sayOrder = deleted.length > 0 || (options.changes && !deepEqual(old, value));
  if (sayOrder && value.length > 0) define(patch, elementOrder + key, value);
}

/** `list` less one item for each equal item in `others`. */
function withoutEach(list: JsonArray, others: JsonArray): JsonArray {
  const counts = new Map<JsonValue, number>();
  for (const item of others) counts.set(item, (counts.get(item) ?? 0) + 1);
  return list.filter((item) => {
    const count = counts.get(item) ?? 0;
    if (count > 0) counts.set(item, count - 1);
    return count === 0;
  });
}

const byText = (left: JsonValue, right: JsonValue) => {
  const [a, b] = [goText(left), goText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
};

function diffItems(
  patch: Patch,
  key: string,
  old: JsonArray,
  value: JsonArray,
  rule: FieldRule,
  options: DiffOptions,
): void {
  const { mergeKey } = rule;
  if (mergeKey === undefined) throw unmergeableList();
  const known = new Map(old.map((item) => [requiredIdentity(item, mergeKey), item as JsonObject]));
  const wanted = new Set(value.map((item) => requiredIdentity(item, mergeKey)));
  const items: JsonObject[] = [];
  for (const item of value as readonly JsonObject[]) {
    const identity = requiredIdentity(item, mergeKey);
    const before = known.get(identity);
    if (before) {
      const inner = diffMaps(before, item, rule.schema, { ...options, retainKeys: rule.retainKeys });
      if (Object.keys(inner).length > 0) items.push({ ...inner, [mergeKey]: identity });
    } else if (options.changes) items.push(item);
  }
  if (options.deletions) {
    const deleted = [...known.keys()].filter((identity) => !wanted.has(identity)).sort(byText);
    for (const identity of deleted) items.push({ [mergeKey]: identity, [directive]: 'delete' });
  }
  if (items.length > 0) define(patch, key, items);
  const sameOrder =
    old.length === value.length &&
    old.every((item, index) => requiredIdentity(item, mergeKey) === (value[index] as JsonObject)[mergeKey]);
  const sayOrder = items.length > 0 || (options.changes && !sameOrder);
  if (sayOrder && value.length > 0) {
    define(
      patch,
      elementOrder + key,
      (value as readonly JsonObject[]).map((item) => ({ [mergeKey]: item[mergeKey] })),
    );
  }
}
