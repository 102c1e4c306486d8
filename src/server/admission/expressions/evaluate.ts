/** Compiled expressions evaluated one after the other within one budget, and the variables of a policy as they are asked for. */
import type { Compiled } from '#apis/kubernetes/expressions/environment.ts';
import type { CompiledVariable } from '#apis/kubernetes/expressions/policy.ts';
import { celPerCallLimit } from '#kube/cel/environment.ts';
import { CelBudgetError, CelEvaluationError } from '#kube/cel/errors.ts';
import { CelError, CelMap, type CelValue, type Evaluated } from '#kube/cel/value/value.ts';
import type { InputVariables } from './input.ts';

/** All expressions of one kind of one policy may cost so much together (apiserver's apis/cel). */
export const policyBudget = 10_000_000;
export const conditionsBudget = 2_500_000;

export interface Expression {
  readonly text: string;
  readonly compiled: Compiled;
}

export type Outcome =
  | { readonly value: CelValue; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: string };

/** Together they cost more than they may: nothing further is evaluated. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

/** One evaluation after the other: what is left of the budget, and what variables have come to be. */
export interface Evaluation {
  /** Throws OutOfBudget. */
  readonly evaluate: (expression: Expression) => Outcome;
  readonly remaining: () => number;
}

export function evaluation(input: InputVariables, variables: readonly CompiledVariable[], budget: number): Evaluation {
  let remaining = budget;
  const spend = (cost: number) => {
    if (cost > remaining) throw new OutOfBudget();
    remaining -= cost;
  };
  let lazily = 0;
  const all: Record<string, CelValue | undefined> = { ...input };
  if (variables.length > 0) {
    all.variables = new LazyVariables(variables, all, (cost) => {
      lazily += cost;
    });
  }
  return {
    remaining: () => remaining,
    evaluate: ({ text, compiled }) => {
      if (!compiled.program) return { error: `compilation error: ${compiled.error}` };
      lazily = 0;
      const { cost, ...outcome } = run(() => compiled.program.evaluate(all, { budget: celPerCallLimit }));
      spend(lazily);
      spend(cost);
      return outcome.error === undefined
        ? { value: outcome.value! }
        : { error: `expression '${text}' resulted in error: ${outcome.error}` };
    },
  };
}

interface Ran {
  readonly cost: number;
  readonly value?: CelValue;
  readonly error?: string;
}

function run(evaluate: () => { readonly value: CelValue; readonly cost: number }): Ran {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof CelEvaluationError || error instanceof CelBudgetError) {
      return { cost: error.cost, error: error.message };
    }
    throw error;
  }
}

/** `variables`: each is evaluated when an expression first names it, and once. */
class LazyVariables extends CelMap {
  private readonly compiled: ReadonlyMap<string, Compiled>;
  private readonly known = new Map<string, Evaluated>();
  private readonly input: InputVariables;
  private readonly spend: (cost: number) => void;

  constructor(variables: readonly CompiledVariable[], input: InputVariables, spend: (cost: number) => void) {
    super();
    this.compiled = new Map(variables.map(({ name, compiled }) => [name, compiled]));
    this.input = input;
    this.spend = spend;
  }

  get size(): number {
    return this.compiled.size;
  }

  find(key: CelValue): Evaluated | undefined {
    const compiled = typeof key === 'string' ? this.compiled.get(key) : undefined;
    if (compiled === undefined) return undefined;
    const name = key as string;
    const found = this.known.get(name) ?? this.evaluate(name, compiled);
    this.known.set(name, found);
    return found;
  }

  keys(): Iterable<CelValue> {
    return this.compiled.keys();
  }

  private evaluate(name: string, { program, error }: Compiled): Evaluated {
    const what = `composited variable ${JSON.stringify(name)}`;
    if (!program) return new CelError(`${what} fails to compile: ${error}`);
    const ran = run(() => program.evaluate(this.input, { budget: celPerCallLimit }));
    this.spend(ran.cost);
    return ran.error === undefined ? ran.value! : new CelError(`${what} fails to evaluate: ${ran.error}`);
  }
}
