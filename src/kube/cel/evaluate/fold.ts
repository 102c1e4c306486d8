/** Loops: a range, what is gathered, a condition to go on, and the result. */

import { goTypeName } from '../value/go-name.ts';
import { GrowingList, ValueList } from '../value/list.ts';
import { ValueMap } from '../value/map.ts';
import { CelError, CelList, CelMap, type CelValue, type Evaluated } from '../value/value.ts';
import type { Frame, Step } from './frame.ts';

export interface Fold {
  readonly range: Step;
  readonly condition: Step;
  readonly step: Step;
  readonly result: Step;
  /** Places of the variable, the second one and the gathered value. */
  readonly variable: number;
  readonly variable2: number | undefined;
  readonly gathered: number;
}

/** Reads what a loop has gathered; what it starts with is found only when it is first asked for. */
export const gatheredReader =
  (slot: number, initial: Step): Step =>
  (frame) => {
    const known = frame.slots[slot];
    if (known !== undefined) return known;
    const value = growing(initial(frame));
    frame.slots[slot] = value;
    return value;
  };

/** An empty list or map is there to be filled: by this loop alone, so in place. */
function growing(value: Evaluated): Evaluated {
  if (value instanceof CelList && value.size === 0) return new GrowingList();
  if (value instanceof CelMap && value.size === 0) return new ValueMap();
  return value;
}

/** A list that was filled is a value from now on. */
const settled = (value: Evaluated): Evaluated =>
  value instanceof GrowingList && !value.items.some((item) => item instanceof CelError)
    ? new ValueList(value.items as CelValue[])
    : value;

export function foldStep(fold: Fold): Step {
  const finish = (frame: Frame) => settled(fold.result(frame));
  return (frame) => {
    frame.slots[fold.gathered] = undefined;
    const range = fold.range(frame);
    if (range instanceof CelError) return range;
    if (range instanceof CelList) overList(frame, fold, range);
    else if (range instanceof CelMap) overMap(frame, fold, range);
    else return notIterable(range, fold.variable2 !== undefined);
    return finish(frame);
  };
}

/** One turn; false when the condition says it is enough. */
function turn(frame: Frame, fold: Fold): boolean {
  if (fold.condition(frame) === false) return false;
  frame.slots[fold.gathered] = fold.step(frame);
  return true;
}

function overList(frame: Frame, fold: Fold, list: CelList): void {
  for (let index = 0; index < list.size; index++) {
    if (fold.variable2 === undefined) frame.slots[fold.variable] = list.at(index);
    else {
      frame.slots[fold.variable] = index;
      frame.slots[fold.variable2] = list.at(index);
    }
    if (!turn(frame, fold)) return;
  }
}

function overMap(frame: Frame, fold: Fold, map: CelMap): void {
  for (const key of map.keys()) {
    frame.slots[fold.variable] = key;
    if (fold.variable2 !== undefined) frame.slots[fold.variable2] = map.find(key);
    if (!turn(frame, fold)) return;
  }
}

/** What a loop over something else says. */
export function notIterable(range: CelValue, twoVariables: boolean): CelError {
  const name = goTypeName(range);
  return new CelError(
    twoVariables ? `unsupported comprehension range type: ${name}` : `got '${name}', expected iterable type`,
  );
}
