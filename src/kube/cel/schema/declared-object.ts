/** Objects and maps of a schema, and what a schema keeps without saying what it is. */

import { deepEqual } from '../../meta/equal.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { type CelType, celTypes } from '../types.ts';
import { equal } from '../value/equal.ts';
import { CelError, CelMap, CelOpaque, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import type { FromJson } from './json.ts';

export interface Field {
  /** As JSON has it. */
  readonly name: string;
  readonly adapt: (json: JsonValue) => Evaluated;
}

export interface Fields {
  /** With names of its own, which are escaped and of which null ones are not there; else a map. */
  readonly isObject: boolean;
  /** By the name expressions have for it; undefined for what they do not see. */
  readonly field: (key: string) => Field | undefined;
  /** The name expressions have for a name in JSON; undefined for what they do not see. */
  readonly shown: (name: string) => string | undefined;
}

export class DeclaredObject extends CelMap implements FromJson {
  readonly json: JsonObject;
  readonly #fields: Fields;
  constructor(json: JsonObject, fields: Fields) {
    super();
    this.json = json;
    this.#fields = fields;
  }
  get size(): number {
    return Object.keys(this.json).length;
  }
  find(key: CelValue): Evaluated | undefined {
    if (typeof key !== 'string') return noSuchOverload;
    const field = this.#fields.field(key);
    if (!field || !Object.hasOwn(this.json, field.name)) return undefined;
    const json = this.json[field.name];
    if (json === undefined || (json === null && this.#fields.isObject)) return undefined;
    return field.adapt(json);
  }
  *keys(): Generator<CelValue> {
    for (const name of Object.keys(this.json)) {
      const key = this.#fields.shown(name);
      if (key !== undefined) yield key;
    }
  }
  override equalTo(other: CelMap): boolean | CelError {
    if (this.size !== other.size) return false;
    for (const name of Object.keys(this.json)) {
      const key = this.#fields.shown(name);
      const same = key === undefined ? this.#sameHidden(name, other) : this.#sameField(key, other);
      if (same !== true) return same;
    }
    return true;
  }
  #sameField(key: string, other: CelMap): boolean | CelError {
    const [ours, theirs] = [this.find(key), other.find(key)];
    if (ours === undefined || theirs === undefined) return ours === theirs;
    if (ours instanceof CelError) return ours;
    return theirs instanceof CelError ? theirs : equal(ours, theirs);
  }
  /** What no schema knows is compared as JSON, where both have it. */
  #sameHidden(name: string, other: CelMap): boolean | CelError {
    if (!(other instanceof DeclaredObject)) return noSuchOverload;
    const theirs = other.json[name];
    return theirs === undefined || deepEqual(this.json[name]!, theirs);
  }
}

const unknownType: CelType = celTypes.object('unknown');

/** Kept data that no expression can look into. */
export class HiddenValue extends CelOpaque implements FromJson {
  readonly json: JsonValue;
  constructor(json: JsonValue) {
    super();
    this.json = json;
  }
  get type(): CelType {
    return unknownType;
  }
  equals(other: CelValue): boolean {
    return other instanceof HiddenValue && deepEqual(this.json, other.json);
  }
  text(): string {
    return JSON.stringify(this.json);
  }
}
