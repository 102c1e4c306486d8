/** `x in [...]` over constants: one look instead of many, and no cost of its own, as in cel-go. */

import { ValueMap } from '../value/map.ts';
import { CelDouble, CelError, CelList, CelUint, type CelValue } from '../value/value.ts';
import type { Step } from './frame.ts';
import { constantOf, type Planned } from './planned.ts';

const isKey = (value: unknown): boolean =>
  ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ||
  value instanceof CelUint ||
  value instanceof CelDouble;

/** undefined where the list has more than scalars: that is searched. */
export function membership(value: Step, list: CelValue): Planned | undefined {
  if (!(list instanceof CelList)) return undefined;
  if (list.size === 0) return constantOf(false);
  const known = new ValueMap();
  for (let index = 0; index < list.size; index++) {
    const item = list.at(index);
    if (item instanceof CelError || !isKey(item)) return undefined;
    known.put(item, true);
  }
  return {
    step: (frame) => {
      const found = value(frame);
      return found instanceof CelError ? found : known.find(found) !== undefined;
    },
  };
}
