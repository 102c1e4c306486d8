/** Lists of a schema: in order, as sets, or known by keys; the last two are equal and add up whatever their order. */

import type { JsonArray, JsonObject, JsonValue } from '../../meta/object.ts';
import { equal } from '../value/equal.ts';
import { itemsOf, JoinedList } from '../value/list.ts';
import { CelError, CelList, type CelValue, type Evaluated } from '../value/value.ts';
import { type FromJson, jsonOfCel } from './json.ts';

type Adapt = (json: JsonValue) => Evaluated;

export class DeclaredList extends CelList implements FromJson {
  readonly json: JsonArray;
  protected readonly adapt: Adapt;
  constructor(json: JsonArray, adapt: Adapt) {
    super();
    this.json = json;
    this.adapt = adapt;
  }
  get size(): number {
    return this.json.length;
  }
  at(index: number): Evaluated {
    return this.adapt(this.json[index]!);
  }
  override equalTo(other: CelList): boolean | CelError {
    if (this.size !== other.size) return false;
    for (let index = 0; index < this.size; index++) {
      const same = sameItem(this.at(index), other.at(index));
      if (same !== true) return same;
    }
    return true;
  }
  override has(value: CelValue): Evaluated {
    let failed: CelError | undefined;
    for (const item of itemsOf(this)) {
      const same = sameItem(item, value);
      if (same === true) return true;
      if (same instanceof CelError) failed ??= same;
    }
    return failed ?? false;
  }
  override plus(other: CelList): CelList {
    return new JoinedList(this, other);
  }
}

function sameItem(left: Evaluated, right: Evaluated): boolean | CelError {
  if (left instanceof CelError) return left;
  return right instanceof CelError ? right : equal(left, right);
}

/** An item of another list as JSON; undefined for what is none, which no list of JSON has. */
function jsonOf(item: Evaluated): JsonValue | undefined {
  try {
    return item instanceof CelError ? undefined : jsonOfCel(item);
  } catch {
    return undefined;
  }
}

export class SetList extends DeclaredList {
  override equalTo(other: CelList): boolean | CelError {
    if (this.size !== other.size) return false;
    const known = new Set(this.json);
    for (const item of itemsOf(other)) {
      const json = jsonOf(item);
      if (json === undefined || !known.has(json)) return false;
    }
    return true;
  }
  override plus(other: CelList): CelList {
    const union = new Set(this.json);
    for (const item of itemsOf(other)) {
      const json = jsonOf(item);
      if (json !== undefined) union.add(json);
    }
    return new SetList([...union], this.adapt);
  }
}

export class KeyedList extends DeclaredList {
  readonly #keys: readonly string[];
  constructor(json: JsonArray, adapt: Adapt, keys: readonly string[]) {
    super(json, adapt);
    this.#keys = keys;
  }
  #keyOf(item: JsonValue | undefined): string | undefined {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return undefined;
    return JSON.stringify(this.#keys.map((key) => (item as JsonObject)[key] ?? null));
  }
  override equalTo(other: CelList): boolean | CelError {
    if (this.size !== other.size) return false;
    const known = new Map(this.json.map((item) => [this.#keyOf(item), item]));
    for (const item of itemsOf(other)) {
      const ours = known.get(this.#keyOf(jsonOf(item)));
      if (ours === undefined) return false;
      const same = sameItem(this.adapt(ours), item);
      if (same !== true) return same;
    }
    return true;
  }
  override plus(other: CelList): CelList {
    const merged: JsonValue[] = [...this.json];
    const places = new Map(this.json.map((item, index) => [this.#keyOf(item), index]));
    for (const item of itemsOf(other)) {
      const json = jsonOf(item);
      const place = places.get(this.#keyOf(json));
      if (json === undefined) continue;
      if (place === undefined) merged.push(json);
      else merged[place] = json;
    }
    return new KeyedList(merged, this.adapt, this.#keys);
  }
}
