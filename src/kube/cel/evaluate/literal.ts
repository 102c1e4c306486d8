/** Lists, maps and objects that an expression makes. */

import type { CelType } from '../types.ts';
import { ValueList } from '../value/list.ts';
import { ValueMap } from '../value/map.ts';
import { textOf } from '../value/text.ts';
import { CelError, CelOptional, type CelValue } from '../value/value.ts';
import type { Step } from './frame.ts';

/** What making one costs; less than nothing more for what is in it. */
const listCost = 10;
const mapCost = 30;
export const structCost = 40;

export function listStep(items: readonly Step[], optional: ReadonlySet<number>): Step {
  return (frame) => {
    const values: CelValue[] = [];
    for (const [index, item] of items.entries()) {
      let value = item(frame);
      if (!(value instanceof CelError) && optional.has(index)) {
        if (!(value instanceof CelOptional))
          value = new CelError(`cannot initialize optional list element from non-optional value ${textOf(value)}`);
        else if (value.value === undefined) continue;
        else value = value.value;
      }
      if (value instanceof CelError) {
        frame.charge(listCost);
        return value;
      }
      values.push(value);
    }
    frame.charge(listCost);
    return new ValueList(values);
  };
}

export interface EntryStep {
  readonly key: Step;
  readonly value: Step;
  readonly optional: boolean;
}

export function mapStep(entries: readonly EntryStep[], cost = mapCost, type?: CelType): Step {
  const make = (frame: Parameters<Step>[0]) => {
    const map = type ? new StructValue(type) : new ValueMap();
    for (const entry of entries) {
      const key = entry.key(frame);
      if (key instanceof CelError) return key;
      let value = entry.value(frame);
      if (value instanceof CelError) return value;
      if (entry.optional) {
        if (!(value instanceof CelOptional))
          return new CelError(
            `cannot initialize optional entry '${textOf(key)}' from non-optional value ${textOf(value)}`,
          );
        if (value.value === undefined) {
          map.remove(key);
          continue;
        }
        value = value.value;
      }
      map.put(key, value);
    }
    return map;
  };
  return (frame) => {
    const made = make(frame);
    frame.charge(cost);
    return made;
  };
}

/** An object an expression made: its fields, and the name of its type. */
class StructValue extends ValueMap {
  readonly #type: CelType;
  constructor(type: CelType) {
    super();
    this.#type = type;
  }
  override get type(): CelType {
    return this.#type;
  }
}
