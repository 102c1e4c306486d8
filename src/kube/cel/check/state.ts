/** What the parts of the checker share while an expression is checked. */

import type { Expr } from '../syntax/ast.ts';
import type { Problem } from '../syntax/source.ts';
import { type CelType, celTypes, formatType } from '../types.ts';
import { assign, assignAll, type Bindings, mostGeneral, substitute } from './assign.ts';
import type { CallReference, NameReference } from './checked.ts';
import type { Declarations, Scope } from './scope.ts';

export interface State {
  readonly declarations: Declarations;
  readonly problems: Problem[];
  readonly types: Map<Expr, CelType>;
  readonly names: Map<Expr, NameReference>;
  readonly calls: Map<Expr, CallReference>;
  bindings: Bindings;
  freshTypes: number;
}

export type Check = (state: State, expr: Expr, scope: Scope | undefined) => CelType;

export const report = (state: State, { offset }: { readonly offset: number }, message: string): void => {
  state.problems.push({ offset, message });
};

export const undeclared = (state: State, expr: Expr, name: string): CelType => {
  report(state, expr, `undeclared reference to '${name}' (in container '')`);
  return celTypes.error;
};

export const mismatch = (state: State, at: { readonly offset: number }, wanted: CelType, found: CelType): void =>
  report(state, at, `expected type '${formatType(wanted)}' but found '${formatType(found)}'`);

export const freshType = (state: State): CelType => celTypes.param(`_var${state.freshTypes++}`);

export const resolved = (state: State, type: CelType): CelType => substitute(state.bindings, type);

/** Whether one type fits another; what that says about type parameters is kept only if it does. */
export function isAssignable(state: State, from: CelType, to: CelType): boolean {
  const bindings = new Map(state.bindings);
  if (!assign(bindings, from, to)) return false;
  state.bindings = bindings;
  return true;
}

export function areAssignable(state: State, from: readonly CelType[], to: readonly CelType[]): boolean {
  const bindings = new Map(state.bindings);
  if (!assignAll(bindings, from, to)) return false;
  state.bindings = bindings;
  return true;
}

/** The type of literals' items so far with one more; whether they may differ is looked at when all types are known. */
export function join(state: State, before: CelType | undefined, type: CelType): CelType {
  if (before === undefined) return type;
  return isAssignable(state, before, type) ? mostGeneral(before, type) : celTypes.dyn;
}
