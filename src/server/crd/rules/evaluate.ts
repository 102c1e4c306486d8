/** Rules of a definition asked about an object, in upstream's order and words, within a budget. */
import { celPerCallLimit } from '#kube/cel/environment.ts';
import { CelBudgetError, CelEvaluationError } from '#kube/cel/errors.ts';
import { celValueOf } from '#kube/cel/schema-type.ts';
import { CelOptional, type CelValue, noValue } from '#kube/cel/value/value.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { isFields, ownField } from '#kube/schema/copy.ts';
import { correlator } from '#kube/schema/correlate.ts';
import { failedRule, invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { type CompiledRule, type Rule, textOf } from './compile.ts';
import { type Correlation, correlated, fieldOf, itemOf, unchanged, uncorrelated } from './correlation.ts';
import { fieldSuffix } from './field.ts';
import { messageOf } from './message.ts';
import type { RuleTree } from './tree.ts';

/** What all rules of one object may cost together: about a second. */
export const ruleBudget = 10_000_000;

export interface RuleFindings {
  readonly causes: readonly StatusCause[];
  /** What was found, but stood in the object before. */
  readonly warnings: readonly string[];
  /** Negative when the budget was not enough. */
  readonly remaining: number;
}

interface Run {
  readonly causes: StatusCause[];
  readonly warnings: string[];
  remaining: number;
}

export interface Subject {
  readonly value: unknown;
  /** undefined when it is new. */
  readonly before?: unknown;
  /** The field it stands in; '' for a whole object. */
  readonly path?: string;
  readonly budget?: number;
  /** Whether what has not changed may stay, wrong or not. */
  readonly ratchets?: boolean;
}

export function evaluateRules(tree: RuleTree, subject: Subject): RuleFindings {
  const { value, before, path = '', budget = ruleBudget, ratchets = false } = subject;
  const run: Run = { causes: [], warnings: [], remaining: budget };
  visit(tree, { value, before, path, correlation: ratchets ? correlated(value, before) : uncorrelated }, run);
  return run;
}

interface Node {
  readonly value: unknown;
  readonly before: unknown;
  readonly path: string;
  readonly correlation: Correlation;
}

function visit(tree: RuleTree, node: Node, run: Run): void {
  const { value, before, path, correlation } = node;
  if (value === null || value === undefined) return;
  askRules(tree, node, run);
  if (run.remaining < 0) return;
  if (Array.isArray(value)) {
    visitItems(tree, node, value as readonly unknown[], run);
  } else if (isFields(value)) {
    const earlier = isFields(before) ? before : undefined;
    for (const name in value) {
      const named = tree.fields.get(name);
      const below = named ?? (tree.schema.properties ? undefined : tree.rest);
      if (!below) continue;
      const at = named ? (path === '' ? name : `${path}.${name}`) : `${path}[${name}]`;
      const next = { value: value[name], before: earlier && ownField(earlier, name), path: at };
      visit(below, { ...next, correlation: fieldOf(correlation, name) }, run);
      if (run.remaining < 0) return;
    }
  }
}

function visitItems(tree: RuleTree, node: Node, items: readonly unknown[], run: Run): void {
  if (!tree.items) return;
  const earlier = node.before === undefined ? undefined : correlator(tree.schema)(node.before);
  for (const [index, value] of items.entries()) {
    const correlation = itemOf(node.correlation, tree.schema, value);
    visit(tree.items, { value, before: earlier?.(value), path: `${node.path}[${index}]`, correlation }, run);
    if (run.remaining < 0) return;
  }
}

const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run';

interface Variables {
  readonly self: CelValue;
  readonly oldSelf?: CelValue;
}

function askRules(tree: RuleTree, node: Node, run: Run): void {
  if (!tree.own || tree.own.rules.length === 0) return;
  const type = tree.schema.type ?? '';
  const refuse = (detail: string) => run.causes.push(invalidValue(node.path || '<nil>', type, detail));
  if (run.remaining <= 0) {
    refuse(outOfBudget);
    run.remaining = -1;
    return;
  }
  for (const compiled of tree.own.rules) {
    if (compiled.error !== undefined) refuse(`rule compile error: ${compiled.error}`);
    else if (compiled.program && isAsked(compiled, node)) askRule(tree, compiled, node, run, refuse);
    if (run.remaining < 0) return;
  }
}

/** Rules about changes are for values that were there before, unless they can do without. */
const isAsked = ({ usesOldSelf, rule }: CompiledRule, { before }: Node): boolean =>
  !usesOldSelf || (before !== undefined && before !== null) || rule.optionalOldSelf === true;

function askRule(tree: RuleTree, compiled: CompiledRule, node: Node, run: Run, refuse: (detail: string) => void): void {
  const { rule } = compiled;
  const outcome = outcomeOf(() =>
    compiled.program!.evaluate(variablesOf(tree, compiled, node), { budget: celPerCallLimit }),
  );
  if (outcome.cost > run.remaining) {
    refuse(outOfBudget);
    run.remaining = -1;
    return;
  }
  run.remaining -= outcome.cost;
  if ('value' in outcome) {
    if (outcome.value !== true) report(tree, compiled, node, run);
  } else if (outcome.error.startsWith('no such overload')) {
    const detail = 'call arguments did not match a supported operator, function or macro signature for rule';
    refuse(`'${outcome.error}': ${detail}: ${shownRule(rule)}`);
  } else if (outcome.error.startsWith('operation cancelled: actual cost limit exceeded')) {
    const detail = 'no further validation rules will be run due to call cost exceeds limit for rule';
    refuse(`'${outcome.error}': ${detail}: ${shownRule(rule)}`);
    run.remaining = -1;
  } else refuse(`${outcome.error} evaluating rule: ${shownRule(rule)}`);
}

type Outcome = { readonly cost: number } & ({ readonly value: CelValue } | { readonly error: string });

function outcomeOf(evaluate: () => { readonly value: CelValue; readonly cost: number }): Outcome {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof CelEvaluationError || error instanceof CelBudgetError)
      return { cost: error.cost, error: error.message };
    throw error;
  }
}

function variablesOf(
  { schema, resource }: RuleTree,
  { usesOldSelf, rule }: CompiledRule,
  { value, before }: Node,
): Variables & Readonly<Record<string, CelValue>> {
  const self = celValueOf(value as JsonValue, schema, { resource });
  if (!usesOldSelf) return { self };
  const isThere = before !== undefined && before !== null;
  const old = isThere ? celValueOf(before as JsonValue, schema, { resource }) : undefined;
  if (rule.optionalOldSelf === true) return { self, oldSelf: old === undefined ? noValue : new CelOptional(old) };
  return old === undefined ? { self } : { self, oldSelf: old };
}

const shownRule = ({ rule, message }: Rule): string => (textOf(message) || rule).trim();

/** A rule that does not hold is a cause, or a warning where nothing about it has changed. */
function report(tree: RuleTree, compiled: CompiledRule, node: Node, run: Run): void {
  const { rule, usesOldSelf } = compiled;
  const path = node.path + fieldSuffix(rule, tree.schema, node.path) || '<nil>';
  const add = (cause: StatusCause) => {
    if (!usesOldSelf && unchanged(node.correlation)) run.warnings.push(`${cause.field}: ${cause.message}`);
    else run.causes.push(cause);
  };
  const said = compiled.message
    ? messageOf(compiled.message, textOf(rule.messageExpression), variablesOf(tree, compiled, node), run.remaining)
    : undefined;
  if (said && 'refused' in said) {
    add(invalidValue(path, tree.schema.type ?? '', said.refused));
    run.remaining = -1;
    return;
  }
  if (said) run.remaining = said.remaining;
  const detail = said?.text ?? (textOf(rule.message).trim() || `failed rule: ${shownRule(rule)}`);
  const scalar = tree.schema.type !== 'object' && tree.schema.type !== 'array';
  add(failedRule(textOf(rule.reason), path, scalar ? node.value : undefined, detail));
}
