/** One policy evaluated with one set of parameters: decisions and audit annotations, as upstream's validator makes them. */
import {
  boolOnly,
  type Composition,
  compose,
  type Policy,
  type PolicyValidation,
  stringOrNull,
} from '#apis/kubernetes/expressions/policy.ts';
import { compiledConditions, matchConditions } from '../expressions/conditions.ts';
import { type Evaluation, type Expression, evaluation, OutOfBudget, policyBudget } from '../expressions/evaluate.ts';
import type { InputVariables } from '../expressions/input.ts';

export interface Decision {
  readonly denied: boolean;
  readonly message: string;
  readonly reason?: string;
}

export interface AuditAnnotation {
  readonly key: string;
  /** Either; neither where there is nothing to publish. */
  readonly value?: string;
  readonly error?: string;
}

export interface Judgement {
  readonly decisions: readonly Decision[];
  readonly annotations: readonly AuditAnnotation[];
}

interface CompiledValidation {
  readonly validation: PolicyValidation;
  readonly expression: Expression;
  readonly message?: Expression;
}

export interface CompiledPolicy {
  readonly conditions: readonly Expression[];
  readonly composition: Composition;
  readonly validations: readonly CompiledValidation[];
  readonly annotations: readonly { readonly key: string; readonly expression: Expression }[];
  readonly fails: boolean;
}

const compiledPolicies = new WeakMap<Policy, CompiledPolicy>();

/** Compiled once for each state of a policy. */
export function compiledPolicy(policy: Policy): CompiledPolicy {
  const known = compiledPolicies.get(policy);
  if (known) return known;
  const { spec } = policy;
  const composition = compose(spec);
  const compiled: CompiledPolicy = {
    conditions: compiledConditions(spec.matchConditions ?? [], spec.paramKind !== undefined),
    composition,
    validations: (spec.validations ?? []).map((validation) => {
      const { expression: text, messageExpression = '' } = validation;
      const message = { text: messageExpression, compiled: composition.compileMessage(messageExpression) };
      return {
        validation,
        expression: { text, compiled: composition.compile(text, boolOnly) },
        ...(messageExpression.trim() ? { message } : {}),
      };
    }),
    annotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression: text }) => ({
      key,
      expression: { text, compiled: composition.compile(text, stringOrNull) },
    })),
    fails: spec.failurePolicy !== 'Ignore',
  };
  compiledPolicies.set(policy, compiled);
  return compiled;
}

const nothing: Judgement = { decisions: [], annotations: [] };

export function evaluatePolicy(policy: CompiledPolicy, input: InputVariables): Judgement {
  const { conditions, composition, fails } = policy;
  const failed = (message: string): Judgement => ({ decisions: [{ denied: fails, message }], annotations: [] });
  if (conditions.length > 0) {
    const { matches, errors } = matchConditions(conditions, input);
    if (!matches) return nothing;
    if (errors.length > 0) return fails ? failed(aggregate(errors)) : nothing;
  }
  try {
    const run = evaluation(input, composition.variables, policyBudget);
    const outcomes = policy.validations.map(({ expression }) => run.evaluate(expression));
    const told = messages(policy, evaluation(input, composition.variables, run.remaining()));
    const decisions = outcomes.map(({ value, error }, index): Decision => {
      if (error !== undefined) return { denied: fails, message: error };
      if (told.error !== undefined) return { denied: fails, message: `failed messageExpression: ${told.error}` };
      if (value === true) return { denied: false, message: '' };
      const { validation } = policy.validations[index]!;
      return {
        denied: true,
        message: messageOf(validation, told.texts[index]),
        reason: validation.reason ?? 'Invalid',
      };
    });
    return { decisions, annotations: annotationsOf(policy, input) };
  } catch (error) {
    if (error instanceof OutOfBudget) return failed(error.message);
    throw error;
  }
}

function aggregate(errors: readonly string[]): string {
  const texts = [...new Set(errors)];
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}

/** What message expressions say; what goes wrong in one of them counts as nothing said. */
function messages({ validations }: CompiledPolicy, run: Evaluation) {
  try {
    const texts = validations.map(({ message }) => {
      const outcome = message && run.evaluate(message);
      return typeof outcome?.value === 'string' ? outcome.value : undefined;
    });
    return { texts };
  } catch (error) {
    if (error instanceof OutOfBudget) return { texts: [], error: error.message };
    throw error;
  }
}

/** Longer messages are left out (apiserver's MaxEvaluatedMessageExpressionSizeBytes). */
const longestMessage = 5 * 1024;

function messageOf({ expression, message = '' }: PolicyValidation, told = ''): string {
  const text = told.trim();
  const isFit = text !== '' && Buffer.byteLength(text) <= longestMessage && !text.includes('\n');
  return (isFit ? text : message.trim()) || `failed expression: ${expression.trim()}`;
}

function annotationsOf({ annotations, composition, fails }: CompiledPolicy, input: InputVariables) {
  const run = evaluation(input, composition.variables, policyBudget);
  return annotations.map(({ key, expression }): AuditAnnotation => {
    const { value, error } = run.evaluate(expression);
    if (error !== undefined) return fails ? { key, error } : { key };
    const text = typeof value === 'string' ? value.trim() : '';
    return text === '' ? { key } : { key, value: text };
  });
}
