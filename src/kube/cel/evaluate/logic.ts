/** `&&`, `||` and equality: operators that look at errors, or that cost by what they compare. */

import { equal } from '../value/equal.ts';
import { costSize } from '../value/size.ts';
import { CelError, CelOpaque, type Evaluated, noSuchOverload } from '../value/value.ts';
import type { Step } from './frame.ts';

/** `decisive` is the value that settles it: false for &&, true for ||. An error counts only if nothing settles it. */
export const logical =
  (left: Step, right: Step, decisive: boolean): Step =>
  (frame) => {
    const first = left(frame);
    if (first === decisive) return decisive;
    const second = right(frame);
    if (second === decisive) return decisive;
    if (first === second && first === !decisive) return first;
    const failed = typeof first === 'boolean' ? second : first;
    return failed instanceof CelError ? failed : noSuchOverload;
  };

export function equality(left: Step, right: Step, negated: boolean): Step {
  return (frame) => {
    const first = left(frame);
    const second = right(frame);
    frame.charge(equalityCost(first, second, negated));
    if (first instanceof CelError) return first;
    if (second instanceof CelError) return second;
    if (typeof first !== 'object' && first === second) return !negated;
    const same = equal(first, second);
    return negated ? same !== true : same;
  };
}

function equalityCost(left: Evaluated, right: Evaluated, negated: boolean): number {
  if (typeof left === 'number' && typeof right === 'number') return 1;
  if (!negated && left instanceof CelOpaque) return 1;
  return Math.ceil(Math.min(sizeFor(left), sizeFor(right)) * 0.1);
}

const sizeFor = (value: Evaluated): number => (value instanceof CelError ? 1 : costSize(value));
