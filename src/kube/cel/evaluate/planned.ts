/** What a part of an expression becomes when it is planned. */

import type { CelValue } from '../value/value.ts';
import type { Attribute } from './attribute.ts';
import type { Step } from './frame.ts';

export interface Planned {
  readonly step: Step;
  /** Where its value is known already. */
  readonly constant?: CelValue;
  /** Where fields and indices may follow. */
  readonly attribute?: Attribute;
}

/** Places of loop variables by name, the innermost first. */
export interface Slots {
  readonly name: string;
  readonly read: Step;
  readonly outer: Slots | undefined;
}

export const constantOf = (value: CelValue): Planned => ({ step: () => value, constant: value });

export const isConstant = (planned: Planned): planned is Planned & { constant: CelValue } =>
  planned.constant !== undefined;
