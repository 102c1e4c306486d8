/** Match conditions evaluated: whether a request is looked at at all. */
import { compileExpression, expressionEnvironment } from '#apis/kubernetes/expressions/environment.ts';
import { boolOnly, type MatchCondition } from '#apis/kubernetes/expressions/policy.ts';
import { conditionsBudget, type Evaluation, type Expression, evaluation } from './evaluate.ts';
import type { InputVariables } from './input.ts';

export interface ConditionsResult {
  /** None is false. */
  readonly matches: boolean;
  /** Of those that could not be evaluated, where none is false. */
  readonly errors: readonly string[];
}

const environments = {
  plain: expressionEnvironment({ params: false, authorizer: true }),
  params: expressionEnvironment({ params: true, authorizer: true }),
};

export const compiledConditions = (conditions: readonly MatchCondition[], params = false): readonly Expression[] =>
  conditions.map(({ expression }) => ({
    text: expression,
    compiled: compileExpression(params ? environments.params : environments.plain, expression, boolOnly),
  }));

export function matchConditions(conditions: readonly Expression[], input: InputVariables): ConditionsResult {
  const run: Evaluation = evaluation(input, [], conditionsBudget);
  try {
    const errors: string[] = [];
    const outcomes = conditions.map((condition) => run.evaluate(condition));
    for (const { value, error } of outcomes) {
      if (error !== undefined) errors.push(error);
      if (value === false) return { matches: false, errors: [] };
    }
    return { matches: true, errors };
  } catch (error) {
    return { matches: true, errors: [(error as Error).message] };
  }
}
