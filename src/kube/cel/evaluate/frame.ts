/** One evaluation: the variables it was given, those of its loops, and what it has cost so far. */
import { CelBudgetError } from '../errors.ts';
import type { CelValue, Evaluated } from '../value/value.ts';

export interface Variables {
  readonly [name: string]: CelValue | undefined;
}

export class Frame {
  cost = 0;
  readonly budget: number;
  readonly variables: Variables;
  /** Variables of loops, each loop of the expression at places of its own. */
  readonly slots: (Evaluated | undefined)[];

  constructor(variables: Variables, budget: number, slots: number) {
    this.variables = variables;
    this.budget = budget;
    this.slots = slots === 0 ? none : Array.from({ length: slots }, () => undefined);
  }

  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.budget) throw new CelBudgetError(this.cost);
  }
}

const none: (Evaluated | undefined)[] = [];

/** A part of an expression, made once and run for every evaluation. */
export type Step = (frame: Frame) => Evaluated;
