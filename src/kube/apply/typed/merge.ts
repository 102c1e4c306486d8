/**
 * Merging a configuration over a live value: the configuration's fields win, nothing is taken away. Copy-on-write: the
 * live value itself is returned when the merge changes nothing.
 */
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import {
  isList,
  isMap,
  type ListType,
  leafOfItem,
  type MapType,
  objectType,
  restOf,
  shapeOf,
  type Type,
} from './type.ts';

/** Lists keep the live order of items the configuration does not name; shared ones come in the configuration's order. */
export const merge = <T>(schema: Schema, live: T, config: unknown): T =>
  mergeValues(objectType(schema), live as JsonValue, config as JsonValue) as T;

function mergeValues(type: Type, live: JsonValue | undefined, config: JsonValue | undefined): JsonValue | undefined {
  if (config === undefined || config === live) return live;
  if (live === undefined) return config;
  const shape = shapeOf(type, config);
  if (shape === 'map' && !type.map!.atomic) {
    if (isMap(config) && isMap(live)) return mergeMaps(type.map!, live, config);
    if (config === null && isMap(live) && Object.keys(live).length > 0) return live;
  } else if (shape === 'list' && !type.list!.atomic) {
    if (isList(config) && isList(live) && config.length + live.length > 0) return mergeLists(type.list!, live, config);
    if (config === null && isList(live) && live.length > 0) return live;
  }
  return deepEqual(live, config) ? live : config;
}

function mergeMaps(map: MapType, live: JsonObject, config: JsonObject): JsonObject {
  let result: Record<string, JsonValue | undefined> | undefined;
  for (const name in config) {
    const merged = mergeValues(map.field(name)?.type ?? restOf(map), live[name], config[name]);
    if (merged === live[name]) continue;
    result ??= { ...live };
    result[name] = merged;
  }
  return result ?? live;
}

interface Item {
  readonly text: string;
  readonly value: JsonValue;
}

const itemsOf = (list: ListType, values: JsonArray): readonly Item[] =>
  values.flatMap((value) => {
    const text = leafOfItem(list, value)?.element.text;
    return text === undefined ? [] : [{ text, value }];
  });

function mergeLists(list: ListType, live: JsonArray, config: JsonArray): JsonArray {
  const merged = interleave(list, itemsOf(list, live), itemsOf(list, config));
  return merged.length === live.length && merged.every((item, index) => item === live[index]) ? live : merged;
}

/**
 * Goes through both lists at once. Items only one side has are taken where they stand; a shared item is taken when the
 * configuration comes to it, so a live one that is not the next shared item waits.
 */
function interleave(list: ListType, live: readonly Item[], config: readonly Item[]): JsonValue[] {
  const type = list.item();
  const liveByText = liveItems(live);
  const stated = new Set(config.map((item) => item.text));
  const shared = config.filter((item) => liveByText.has(item.text)).map((item) => item.text);
  const done = new Set<string>();
  const result: JsonValue[] = [];
  let nextShared = 0;
  let l = 0;
  let c = 0;
  const take = (item: Item): void => {
    done.add(item.text);
    result.push(mergeValues(type, liveByText.get(item.text), item.value)!);
    if (shared[nextShared] === item.text) nextShared++;
    c++;
  };
  while (l < live.length || c < config.length) {
    const ours = live[l];
    const theirs = config[c];
    if (ours && theirs && ours.text === theirs.text) {
      take(theirs);
      l++;
    } else if (ours && !stated.has(ours.text)) {
      result.push(ours.value);
      l++;
    } else if (ours && theirs && nextShared < shared.length && shared[nextShared] !== ours.text) l++;
    else {
      if (ours && done.has(ours.text)) l++;
      if (theirs) take(theirs);
    }
  }
  return result;
}

/** A live item that occurs more than once is replaced by the stated one, not merged with it: null says so. */
function liveItems(live: readonly Item[]): ReadonlyMap<string, JsonValue> {
  const result = new Map<string, JsonValue>();
  for (const { text, value } of live) result.set(text, result.has(text) ? null : value);
  return result;
}
