/** `<` and its like between whole numbers, which most comparisons are, without a look at what else they may be. */

import type { Evaluated } from '../value/value.ts';
import type { Frame, Step } from './frame.ts';

const holds: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '_<_': (left, right) => left < right,
  '_<=_': (left, right) => left <= right,
  '_>_': (left, right) => left > right,
  '_>=_': (left, right) => left >= right,
};

export const isComparison = (name: string): boolean => Object.hasOwn(holds, name);

/** Compares any two values and charges for it. */
export type Comparer = (frame: Frame, left: Evaluated, right: Evaluated) => Evaluated;

export function comparisonStep(name: string, left: Step, right: Step, general: Comparer): Step {
  const compare = holds[name]!;
  return (frame) => {
    const first = left(frame);
    const second = right(frame);
    if (typeof first !== 'number' || typeof second !== 'number') return general(frame, first, second);
    frame.charge(1);
    return compare(first, second);
  };
}
