/**
 * Where CEL is used from: an environment names the variables and functions an expression may use, `compile` checks one
 * and makes a program of it, `evaluate` runs that with values and within a budget.
 */

import type { Checked } from './check/checked.ts';
import { checkExpr } from './check/checker.ts';
import { type Declarations, standardTypes, typeTable } from './check/scope.ts';
import { validate } from './check/validate.ts';
import { estimateCost } from './cost/static.ts';
import { CelBudgetError, CelCompileError, CelEvaluationError } from './errors.ts';
import { Frame, type Variables } from './evaluate/frame.ts';
import { planProgram } from './evaluate/plan.ts';
import { baseLibraries } from './library/base.ts';
import { type CelLibrary, mergeFunctions } from './library/declare.ts';
import type { Expr } from './syntax/ast.ts';
import { type Macro, standardMacros } from './syntax/macros.ts';
import { parse } from './syntax/parser.ts';
import { describeProblems, type Problem } from './syntax/source.ts';
import { type CelType, formatType, sameType } from './types.ts';
import { CelError, type CelValue } from './value/value.ts';

export interface CelEnvironmentOptions {
  readonly variables: Readonly<Record<string, CelType>>;
  /** Besides what every expression in Kubernetes has. */
  readonly libraries?: readonly CelLibrary[];
}

export interface CelEnvironment {
  /**
   * Throws CelCompileError. `expected`: the types the result may have.
   */
  readonly compile: (text: string, expected?: readonly CelType[]) => CelProgram;
}

export interface CelProgram {
  readonly resultType: CelType;
  /** What it may cost, as far as types and their sizes tell; beyond 2^53 rounded, at most 2^64. */
  readonly cost: { readonly min: number; readonly max: number };
  /** Variables the expression names. */
  readonly uses: ReadonlySet<string>;
  /** Throws CelEvaluationError, and CelBudgetError as soon as more is spent than the budget. */
  readonly evaluate: (variables: Variables, limits?: { readonly budget?: number }) => CelResult;
}

export interface CelResult {
  readonly value: CelValue;
  readonly cost: number;
}

/** What one expression may cost at most in Kubernetes, wherever it is used. */
export const celPerCallLimit = 1_000_000;

const baseFunctions = mergeFunctions(baseLibraries);

export function celEnvironment({ variables, libraries = [] }: CelEnvironmentOptions): CelEnvironment {
  const all = [...baseLibraries, ...libraries];
  const declarations: Declarations = {
    variables: new Map(Object.entries(variables)),
    functions: libraries.length === 0 ? baseFunctions : mergeFunctions(all),
    types: typeTable([...standardTypes, ...all.flatMap(({ types = [] }) => types)]),
    struct: (name) => firstOf(libraries, ({ struct }) => struct?.(name)),
  };
  const macros = [...standardMacros, ...libraries.flatMap((library) => library.macros ?? [])];
  return { compile: (text, expected) => compile(declarations, macros, text, expected) };
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function compile(
  declarations: Declarations,
  macros: readonly Macro[],
  text: string,
  expected?: readonly CelType[],
): CelProgram {
  const fail = (problems: readonly Problem[]) => new CelCompileError('check', describeProblems(text, problems));
  const parsed = parse(text, macros);
  if ('problems' in parsed) throw fail(parsed.problems);
  const checked = checkedOrThrow(declarations, parsed.expr, fail);
  const resultType = checked.types.get(checked.expr)!;
  if (expected && !expected.some((type) => sameType(type, resultType)))
    throw new CelCompileError('result', wrongResult(expected));
  return programOf(checked, declarations.variables, resultType);
}

function checkedOrThrow(
  declarations: Declarations,
  expr: Expr,
  fail: (problems: readonly Problem[]) => Error,
): Checked {
  const checked = checkExpr(declarations, expr);
  if ('problems' in checked) throw fail(checked.problems);
  const problems = validate(checked);
  if (problems.length > 0) throw fail(problems);
  return checked;
}

const wrongResult = (expected: readonly CelType[]): string =>
  expected.length === 1
    ? `must evaluate to ${formatType(expected[0]!)}`
    : `must evaluate to one of [${expected.map(formatType).join(' ')}]`;

function programOf(checked: Checked, variables: ReadonlyMap<string, CelType>, resultType: CelType): CelProgram {
  const { step, slots } = planProgram(checked);
  const { min, max } = estimateCost(checked, variables);
  return {
    resultType,
    cost: { min: Number(min), max: Number(max) },
    uses: new Set([...checked.names.values()].map(({ name }) => name).filter((name) => variables.has(name))),
    evaluate: (values, { budget = celPerCallLimit } = {}) => {
      const frame = new Frame(values, budget, slots);
      const value = evaluated(() => step(frame));
      if (value instanceof CelError) throw new CelEvaluationError(value.message, frame.cost);
      return { value, cost: frame.cost };
    },
  };
}

/** Values nested deeper than the machine follows, in objects that came from outside, are an error like any other. */
function evaluated(run: () => CelValue | CelError): CelValue | CelError {
  try {
    return run();
  } catch (error) {
    if (error instanceof CelBudgetError) throw error;
    if (error instanceof RangeError) return new CelError(`internal error: ${error.message}`);
    if (error instanceof CelEvaluationError) return new CelError(error.message);
    throw error;
  }
}
