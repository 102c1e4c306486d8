/**
 * Lua's values as JSON. What came from JSON and was not changed goes back as the same reference; what was changed keeps
 * the order of its keys, its nulls, and whether it is a list or a map also when it is empty.
 *
 * Tables that a script made: 1..n is a list, names are a map, both at once or a list with holes is an error, all as in the
 * reference. Of an empty one nobody can tell which it is: where it replaces something it is what that was, else the field
 * is left out, and as a whole answer it is an empty list (as the reference does).
 */
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Run } from './run.ts';
import { LuaTable } from './table.ts';
import { bytesOf, textOf } from './text.ts';
import { type LuaValue, typeName } from './value.ts';

/** Deeper values are taken for tables that contain themselves. */
const deepest = 200;

type Origin = JsonObject | JsonArray;

const isList = (value: JsonValue | undefined): value is JsonArray => Array.isArray(value);
const isContainer = (value: JsonValue | undefined): value is Origin => typeof value === 'object' && value !== null;

/** Nil is null. Counted on the run, so that what comes out is as bounded as what goes on inside. */
export function toJson(run: Run, value: LuaValue): JsonValue {
  const given = new Set<Origin>();
  const encoded = encode({ run, given, depth: 0 }, value, undefined);
  return encoded === undefined ? (value === undefined ? null : []) : encoded;
}

interface Encoding {
  readonly run: Run;
  /** Unchanged values that stand in the result already. */
  readonly given: Set<Origin>;
  readonly depth: number;
}

/** Undefined for what is left out: nil, and an empty table that could be anything. */
function encode(encoding: Encoding, value: LuaValue, replaced: JsonValue | undefined): JsonValue | undefined {
  const { run } = encoding;
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return value;
    case 'string':
      if (typeof replaced === 'string') run.spend(replaced.length >> 3);
      if (typeof replaced === 'string' && bytesOf(replaced) === value) return replaced;
      run.allocateText(value.length);
      return textOf(value);
    case 'number':
      if (!Number.isFinite(value)) throw run.error(`cannot encode ${value} to JSON`);
      return value;
    default:
      if (!(value instanceof LuaTable)) throw run.error(`cannot encode ${typeName(value)} to JSON`);
      return encodeTable(encoding, value, replaced);
  }
}

function encodeTable(encoding: Encoding, table: LuaTable, replaced: JsonValue | undefined): JsonValue | undefined {
  const { run } = encoding;
  const { origin } = table;
  if (encoding.depth > deepest) throw run.error('cannot encode recursively nested tables to JSON');
  if (origin && table.untouched) return give(encoding, origin);
  const inner = { ...encoding, depth: encoding.depth + 1 };
  run.spend(1 + table.size);
  const names = table.map?.size ?? 0;
  if (names > 0 && (table.array.length > 0 || isIndexed(table))) throw run.error(wrongKeys(table));
  if (names > 0) return encodeMap(inner, table, origin);
  if (table.array.length > 0) return encodeList(inner, table, origin);
  const like = origin ?? (isContainer(replaced) ? replaced : undefined);
  if (like === undefined) return undefined;
  if (isList(like)) return encodeList(inner, table, like);
  return encodeMap(inner, table, like);
}

const isIndexed = (table: LuaTable): boolean => table.map!.keys().every((key) => typeof key === 'number');

const wrongKeys = (table: LuaTable): string =>
  isIndexed(table) ? 'cannot encode sparse array to JSON' : 'cannot encode mixed or invalid key types to JSON';

/** A value that a script repeats is counted each time but the first: it would be written out each time. */
function give({ run, given }: Encoding, origin: Origin): Origin {
  if (given.has(origin)) weigh(run, origin);
  given.add(origin);
  return origin;
}

/** Counts a value as if it were made here. */
export function weigh(run: Run, value: JsonValue | undefined): void {
  run.spend(1);
  if (typeof value === 'string') run.allocateText(value.length);
  else if (isList(value)) for (const each of value) weigh(run, each);
  else if (isContainer(value)) {
    for (const [key, each] of Object.entries(value)) {
      run.allocateText(key.length);
      weigh(run, each);
    }
  }
}

/** Nulls of the origin stay: where they are holes of the table, and at its end. */
function encodeList(encoding: Encoding, table: LuaTable, like: Origin | undefined): JsonArray {
  const origin = isList(like) ? like : undefined;
  const before: JsonArray = isList(table.origin) ? table.origin : [];
  const { array } = table;
  const list: JsonValue[] = [];
  for (let at = 0; at < array.length; at += 1) {
    const value = array[at];
    if (value === undefined && before[at] !== null) throw encoding.run.error('cannot encode sparse array to JSON');
    const encoded = value === undefined ? null : encode(encoding, value, origin?.[at]);
    if (encoded !== undefined) list.push(encoded);
  }
  for (let at = array.length; before[at] === null; at += 1) list.push(null);
  encoding.run.allocate(8 * list.length);
  const same = origin && origin.length === list.length && origin.every((each, at) => each === list[at]);
  return same ? (give(encoding, origin) as JsonArray) : list;
}

/** A key named `__proto__` is a key like any other. */
function put(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The origin's keys first, in its order; then what is new, in the order it came. */
function encodeMap(encoding: Encoding, table: LuaTable, like: Origin | undefined): JsonObject {
  const origin: JsonObject = like && !isList(like) ? (like as JsonObject) : {};
  const own = like !== undefined && table.origin === like;
  const result: Record<string, JsonValue> = {};
  const done = new Set<LuaValue>();
  let same = own;
  for (const [key, before] of Object.entries(origin)) {
    if (!own) break;
    const name = bytesOf(key);
    done.add(name);
    // A null is nil to the script, which cannot have meant it.
    const encoded = before === null && table.get(name) === undefined ? null : encode(encoding, table.get(name), before);
    if (encoded !== undefined) put(result, key, encoded);
    if (encoded !== before) same = false;
  }
  for (const [key, value] of table.map ?? []) {
    if (done.has(key)) continue;
    if (typeof key !== 'string') throw encoding.run.error('cannot encode mixed or invalid key types to JSON');
    const name = textOf(key);
    const encoded = encode(encoding, value, Object.hasOwn(origin, name) ? origin[name] : undefined);
    if (encoded === undefined) continue;
    put(result, name, encoded);
    same = false;
  }
  return same ? (give(encoding, origin) as JsonObject) : result;
}
