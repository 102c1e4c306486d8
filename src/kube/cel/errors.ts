/** What goes wrong with an expression: it does not compile, its evaluation fails, or it costs more than it may. */

export class CelCompileError extends Error {
  override readonly name = 'CelCompileError';
  /**
   * `check`: syntax and types, with cel-go's text of all problems. `result`: it gives another type than was asked for.
   * `program`: it is well typed, but a part that is constant already fails.
   */
  readonly stage: 'check' | 'result' | 'program';
  constructor(stage: CelCompileError['stage'], message: string) {
    super(message);
    this.stage = stage;
  }
}

export class CelEvaluationError extends Error {
  override readonly name = 'CelEvaluationError';
  /** What was spent until then. */
  readonly cost: number;
  constructor(message: string, cost = 0) {
    super(message);
    this.cost = cost;
  }
}

export class CelBudgetError extends Error {
  override readonly name = 'CelBudgetError';
  readonly cost: number;
  constructor(cost: number) {
    super('operation cancelled: actual cost limit exceeded');
    this.cost = cost;
  }
}
