/** messageExpression: what is said of a rule that does not hold, made from the object. */
import { type CelProgram, celPerCallLimit } from '#kube/cel/environment.ts';
import { CelBudgetError, CelEvaluationError } from '#kube/cel/errors.ts';
import type { CelValue } from '#kube/cel/value/value.ts';

/** Bytes of the longest message: 5 KiB. */
const longestMessage = 5 * 1_024;

/** `text` is absent where the expression made none that can be shown. */
type Message = { readonly text?: string; readonly remaining: number } | { readonly refused: string };

export function messageOf(
  program: CelProgram,
  written: string,
  variables: Readonly<Record<string, CelValue>>,
  remaining: number,
): Message {
  const { value, cost, cancelled } = evaluated(program, variables);
  if (cost > remaining) {
    const detail = 'running out of cost budget, no further validation rules will be run';
    return { refused: `messageExpression evaluation failed due to ${detail}` };
  }
  if (cancelled) {
    const detail = 'no further validation rules will be run due to call cost exceeds limit for messageExpression';
    return { refused: `${detail}: ${JSON.stringify(written)}` };
  }
  const text = typeof value === 'string' ? value.trim() : '';
  const isFit = text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= longestMessage;
  return { ...(isFit ? { text } : {}), remaining: remaining - cost };
}

function evaluated(program: CelProgram, variables: Readonly<Record<string, CelValue>>) {
  try {
    return { ...program.evaluate(variables, { budget: celPerCallLimit }), cancelled: false };
  } catch (error) {
    if (error instanceof CelBudgetError) return { value: undefined, cost: error.cost, cancelled: true };
    if (error instanceof CelEvaluationError) return { value: undefined, cost: error.cost, cancelled: false };
    throw error;
  }
}
