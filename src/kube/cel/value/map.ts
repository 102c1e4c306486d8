/** Maps made by expressions. Numbers of different types that are equal are one key. */

import { intOf } from './int.ts';
import { CelDouble, CelMap, CelUint, type CelValue, type Evaluated } from './value.ts';

/** What a key is known by; what is no scalar is only known as itself. */
function keyOf(value: CelValue): unknown {
  if (value instanceof CelUint) return intOf(value.value);
  if (value instanceof CelDouble) return Number.isInteger(value.value) ? intOf(BigInt(value.value)) : value.value;
  return value;
}

export class ValueMap extends CelMap {
  readonly #entries: Map<unknown, readonly [CelValue, CelValue]> = new Map();
  constructor(entries: Iterable<readonly [CelValue, CelValue]> = []) {
    super();
    for (const [key, value] of entries) this.put(key, value);
  }
  /** Only while it is being built. */
  put(key: CelValue, value: CelValue): void {
    this.#entries.set(keyOf(key), [key, value]);
  }
  remove(key: CelValue): void {
    this.#entries.delete(keyOf(key));
  }
  get size(): number {
    return this.#entries.size;
  }
  find(key: CelValue): Evaluated | undefined {
    return this.#entries.get(keyOf(key))?.[1];
  }
  *keys(): Generator<CelValue> {
    for (const [key] of this.#entries.values()) yield key;
  }
}
