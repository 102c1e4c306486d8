/**
 * Tables: 1..n in an array, all else in a map in the order it came. One over a JSON value reads it at the first touch, so
 * that what a script never looks at costs nothing and goes back as the same reference.
 */
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import { bytesOf } from './text.ts';
import type { LuaValue, LuaValues } from './value.ts';

type Key = Exclude<LuaValue, undefined>;

/** Beyond it an integer is never counted by `#`, as in the reference. */
const largestIndex = 67_108_864;

const isIndex = (key: LuaValue): key is number =>
  typeof key === 'number' && key >= 1 && key < largestIndex && Number.isInteger(key);

export class LuaTable {
  /** The JSON value it was made of. */
  readonly origin: JsonObject | JsonArray | undefined;
  /** Not read from its origin yet. */
  untouched: boolean;
  /** Entries it has besides those in the map: of a library, whose table every run has and few change. */
  #template: ReadonlyMap<Key, LuaValue> | undefined;
  #array: LuaValue[] = [];
  #map: Map<Key, LuaValue> | undefined;
  /** Positive integers in the map. */
  #sparse = 0;
  #cursor: Cursor | undefined;

  constructor(origin?: JsonObject | JsonArray, template?: ReadonlyMap<Key, LuaValue>) {
    this.origin = origin;
    this.#template = template;
    this.untouched = origin !== undefined;
  }

  #fill(): void {
    this.untouched = false;
    if (Array.isArray(this.origin)) {
      this.#array = this.origin.map(fromJson);
      this.#trim();
      return;
    }
    const object = this.origin as JsonObject;
    this.#map = new Map();
    for (const key of Object.keys(object)) {
      const value = fromJson(object[key]);
      if (value !== undefined) this.#map.set(bytesOf(key), value);
    }
  }

  /** Takes the template's entries over: one of them changes, or somebody walks over all. */
  #unshare(template: ReadonlyMap<Key, LuaValue>): void {
    this.#map = new Map([...template, ...(this.#map ?? [])]);
    this.#template = undefined;
  }

  #trim(): void {
    while (this.#array.length > 0 && this.#array.at(-1) === undefined) this.#array.pop();
  }

  /** 1..n; undefined where it has a hole, never at its end. */
  get array(): LuaValues {
    if (this.untouched) this.#fill();
    return this.#array;
  }

  /** Everything that is not in the array. */
  get map(): ReadonlyMap<Key, LuaValue> | undefined {
    if (this.untouched) this.#fill();
    if (this.#template) this.#unshare(this.#template);
    return this.#map;
  }

  get size(): number {
    return this.array.length + (this.map?.size ?? 0);
  }

  get(key: LuaValue): LuaValue {
    if (this.untouched) this.#fill();
    if (typeof key === 'number' && key >= 1 && key <= this.#array.length && Number.isInteger(key)) {
      return this.#array[key - 1];
    }
    if (key === undefined) return undefined;
    return this.#map?.get(key) ?? this.#template?.get(key);
  }

  /** True when there is an entry more. */
  set(key: Key, value: LuaValue): boolean {
    if (this.untouched) this.#fill();
    if (isIndex(key) && key <= this.#array.length + 1) return this.#setIndex(key, value);
    if (this.#template?.has(key)) this.#unshare(this.#template);
    if (value === undefined) {
      if (this.#map?.delete(key) && isIndex(key)) this.#sparse -= 1;
      return false;
    }
    this.#map ??= new Map();
    const before = this.#map.size;
    this.#map.set(key, value);
    const more = this.#map.size > before;
    if (more && isIndex(key)) this.#sparse += 1;
    return more;
  }

  #setIndex(key: number, value: LuaValue): boolean {
    if (key <= this.#array.length) {
      this.#array[key - 1] = value;
      if (value === undefined && key === this.#array.length) this.#trim();
      return false;
    }
    // The next index may stand in the map when what was before it has been taken out.
    const stood = this.#sparse > 0 && (this.#map?.delete(key) ?? false);
    if (stood) this.#sparse -= 1;
    if (value === undefined) return false;
    this.#array.push(value);
    if (this.#sparse > 0) this.#gather();
    return !stood;
  }

  /** Takes what now follows the array out of the map. */
  #gather(): void {
    for (let key = this.#array.length + 1; this.#sparse > 0; key += 1) {
      const value = this.#map?.get(key);
      if (value === undefined) return;
      this.#map?.delete(key);
      this.#sparse -= 1;
      this.#array.push(value);
    }
  }

  /** `#`: the largest positive integer that has a value, as gopher-lua counts; Lua 5.1 leaves it open when there are holes. */
  get length(): number {
    if (this.untouched) this.#fill();
    let longest = this.#array.length;
    if (this.#sparse > 0) for (const key of this.#map!.keys()) if (isIndex(key) && key > longest) longest = key;
    return longest;
  }

  /** Sparse integers make `length` walk the map. */
  get lengthCost(): number {
    return this.#sparse > 0 ? this.#map!.size : 1;
  }

  /** `walk` is told of the holes that have to be passed by. */
  cursor(walk: (steps: number) => void): Cursor {
    return new Cursor(this, walk);
  }

  /**
   * What follows a key, as `next` asks: at once when it asks for one after the other, else by walking there, which
   * `walk` is told of. False when the key is not there.
   */
  after(key: LuaValue, walk: (steps: number) => void): LuaValues | undefined | false {
    if (key === undefined) this.#cursor = this.cursor(walk);
    else if (!this.#cursor || this.#cursor.key !== key) {
      walk(this.size);
      const cursor = this.cursor(walk);
      while (cursor.key !== key) if (!cursor.next()) return false;
      this.#cursor = cursor;
    }
    return this.#cursor.next();
  }
}

/** A walk over a table; entries may be changed and taken away meanwhile. */
class Cursor {
  /** The key of the last entry given. */
  key: LuaValue;
  readonly #table: LuaTable;
  readonly #walk: (steps: number) => void;
  #at = 0;
  #rest: MapIterator<[Key, LuaValue]> | undefined;

  constructor(table: LuaTable, walk: (steps: number) => void) {
    this.#table = table;
    this.#walk = walk;
  }

  /** Key and value, undefined at the end. */
  next(): LuaValues | undefined {
    const { array } = this.#table;
    const from = this.#at;
    while (this.#at < array.length && array[this.#at] === undefined) this.#at += 1;
    this.#walk(this.#at - from);
    if (this.#at < array.length) {
      const value = array[this.#at];
      this.#at += 1;
      this.key = this.#at;
      return [this.#at, value];
    }
    this.#rest ??= this.#table.map?.entries();
    const entry = this.#rest?.next();
    if (!entry || entry.done) return undefined;
    this.key = entry.value[0];
    return entry.value;
  }
}

/** null is nil. */
export function fromJson(value: JsonValue | undefined): LuaValue {
  if (typeof value === 'string') return bytesOf(value);
  if (typeof value !== 'object') return value;
  return value === null ? undefined : new LuaTable(value as JsonObject | JsonArray);
}
