/** What the checker found out: the type of every part, what names stand for, which overloads a call may take. */

import type { FunctionDeclaration } from '../library/declare.ts';
import type { Call, Expr } from '../syntax/ast.ts';
import { type CelType, celTypes } from '../types.ts';

export interface NameReference {
  readonly name: string;
  /** Where a type is named. */
  readonly names?: CelType | undefined;
}

export interface CallReference {
  readonly declaration: FunctionDeclaration;
  /** Ids of the overloads that fit; several where types are only known when it runs. */
  readonly overloads: readonly string[];
  /** Without the target where that was part of the function's name: `sets.contains(a, b)`. */
  readonly target: Expr | undefined;
}

export interface Checked {
  readonly expr: Expr;
  readonly types: ReadonlyMap<Expr, CelType>;
  readonly names: ReadonlyMap<Expr, NameReference>;
  readonly calls: ReadonlyMap<Expr, CallReference>;
}

export const typeOf = (checked: Checked, expr: Expr): CelType => checked.types.get(expr) ?? celTypes.error;

/** Target and arguments of a call as one list. */
export function operands(checked: Checked, call: Call): readonly Expr[] {
  const target = checked.calls.get(call)?.target;
  return target ? [target, ...call.args] : call.args;
}
