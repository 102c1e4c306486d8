/** Lists made by expressions: of values, being built, and two behind one another. */
import { CelError, CelList, type CelValue, type Evaluated } from './value.ts';

export class ValueList extends CelList {
  readonly items: readonly CelValue[];
  constructor(items: readonly CelValue[]) {
    super();
    this.items = items;
  }
  get size(): number {
    return this.items.length;
  }
  at(index: number): Evaluated {
    return this.items[index]!;
  }
}

/** The accumulator of a comprehension that makes a list: it grows in place and is seen by nobody else until it is done. */
export class GrowingList extends CelList {
  readonly items: Evaluated[] = [];
  get size(): number {
    return this.items.length;
  }
  at(index: number): Evaluated {
    return this.items[index]!;
  }
  append(other: CelList): this {
    for (let index = 0; index < other.size; index++) this.items.push(other.at(index));
    return this;
  }
}

/** Two lists as one without copying: `+` costs 1 whatever the sizes, so it must take no more. */
export class JoinedList extends CelList {
  readonly size: number;
  readonly #left: CelList;
  readonly #right: CelList;
  #flat: readonly Evaluated[] | undefined;
  constructor(left: CelList, right: CelList) {
    super();
    this.#left = left;
    this.#right = right;
    this.size = left.size + right.size;
  }
  at(index: number): Evaluated {
    this.#flat ??= this.#flatten();
    return this.#flat[index]!;
  }
  /** Without recursion: a chain of `+` may be long. */
  #flatten(): Evaluated[] {
    const items: Evaluated[] = [];
    const waiting: CelList[] = [this];
    for (let list = waiting.pop(); list; list = waiting.pop()) {
      if (list instanceof JoinedList && !list.#flat) waiting.push(list.#right, list.#left);
      else for (let index = 0; index < list.size; index++) items.push(list.at(index));
    }
    return items;
  }
}

export function* itemsOf(list: CelList): Generator<Evaluated> {
  for (let index = 0; index < list.size; index++) yield list.at(index);
}

/** All items, or the first that is an error. */
export function valuesOf(list: CelList): readonly CelValue[] | CelError {
  if (list instanceof ValueList) return list.items;
  const values: CelValue[] = [];
  for (let index = 0; index < list.size; index++) {
    const item = list.at(index);
    if (item instanceof CelError) return item;
    values.push(item);
  }
  return values;
}
