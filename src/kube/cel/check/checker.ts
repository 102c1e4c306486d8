/** The type of every part of an expression, with cel-go's texts for what does not fit together. */

import {
  type Comprehension,
  type Expr,
  type ListLiteral,
  type MapLiteral,
  qualifiedName,
  type Select,
  type StructLiteral,
} from '../syntax/ast.ts';
import type { Problem } from '../syntax/source.ts';
import { type CelType, celTypes, formatType, isOptionalType, unwrapOptional } from '../types.ts';
import { kindOf } from '../value/kind.ts';
import { substitute } from './assign.ts';
import { checkCall, checkField, named } from './call.ts';
import type { Checked } from './checked.ts';
import { type Declarations, fieldOf, type Scope } from './scope.ts';
import { freshType, isAssignable, join, mismatch, report, resolved, type State, undeclared } from './state.ts';

export function checkExpr(declarations: Declarations, expr: Expr): Checked | { readonly problems: readonly Problem[] } {
  const state: State = {
    declarations,
    problems: [],
    types: new Map(),
    names: new Map(),
    calls: new Map(),
    bindings: new Map(),
    freshTypes: 0,
  };
  check(state, expr, undefined);
  if (state.problems.length > 0) return { problems: state.problems };
  for (const [part, type] of state.types) state.types.set(part, substitute(state.bindings, type, true));
  return { expr, types: state.types, names: state.names, calls: state.calls };
}

function check(state: State, expr: Expr, scope: Scope | undefined): CelType {
  const type = checkKind(state, expr, scope);
  state.types.set(expr, type);
  return type;
}

function checkKind(state: State, expr: Expr, scope: Scope | undefined): CelType {
  switch (expr.kind) {
    case 'literal':
      return kindOf(expr.value);
    case 'ident':
      return named(state, expr, scope, expr.name)?.type ?? undeclared(state, expr, expr.name);
    case 'select':
      return checkSelect(state, expr, scope);
    case 'call':
      return checkCall(state, expr, scope, check);
    case 'list':
      return checkList(state, expr, scope);
    case 'map':
      return checkMap(state, expr, scope);
    case 'struct':
      return checkStruct(state, expr, scope);
    case 'comprehension':
      return checkComprehension(state, expr, scope);
  }
}

function checkSelect(state: State, expr: Select, scope: Scope | undefined): CelType {
  const whole = qualifiedName(expr);
  const found = whole === undefined ? undefined : named(state, expr, scope, whole);
  if (found) return found.type;
  const type = checkField(state, expr, expr.operand, expr.field, false, scope, check);
  return expr.test ? celTypes.bool : resolved(state, type);
}

/** What `?item` adds to a literal: the value an optional holds. */
function optionalPart(state: State, at: Expr, type: CelType): CelType {
  const held = unwrapOptional(type);
  if (!isOptionalType(type) && type.kind !== 'dyn') mismatch(state, at, celTypes.optional(type), type);
  return held;
}

function checkList(state: State, expr: ListLiteral, scope: Scope | undefined): CelType {
  let element: CelType | undefined;
  for (const [index, item] of expr.items.entries()) {
    const type = check(state, item, scope);
    element = join(state, element, expr.optional.has(index) ? optionalPart(state, item, type) : type);
  }
  return celTypes.list(element ?? freshType(state));
}

function checkMap(state: State, expr: MapLiteral, scope: Scope | undefined): CelType {
  let key: CelType | undefined;
  let value: CelType | undefined;
  for (const entry of expr.entries) {
    key = join(state, key, check(state, entry.key, scope));
    const type = check(state, entry.value, scope);
    value = join(state, value, entry.optional ? optionalPart(state, entry.value, type) : type);
  }
  return celTypes.map(key ?? freshType(state), value ?? freshType(state));
}

function checkStruct(state: State, expr: StructLiteral, scope: Scope | undefined): CelType {
  const found = named(state, expr, scope, expr.name);
  if (!found) return undeclared(state, expr, expr.name);
  const type = found.names;
  if (!type) report(state, expr, `'${formatType(found.type)}' is not a type`);
  else if (type.kind !== 'object') report(state, expr, `'${formatType(type)}' is not a message type`);
  for (const field of expr.fields) {
    const given = check(state, field.value, scope);
    const value = field.optional ? optionalPart(state, field.value, given) : given;
    if (type?.kind !== 'object') {
      report(state, field, `unexpected failed resolution of '${found.name}'`);
      continue;
    }
    const wanted = fieldOf(type, field.name);
    if (!wanted) report(state, field, `undefined field '${field.name}'`);
    else if (!isAssignable(state, wanted, value))
      report(
        state,
        field,
        `expected type of field '${field.name}' is '${formatType(wanted)}' but provided type is '${formatType(value)}'`,
      );
  }
  return type?.kind === 'object' ? type : celTypes.error;
}

function checkComprehension(state: State, expr: Comprehension, scope: Scope | undefined): CelType {
  check(state, expr.range, scope);
  const gathered = check(state, expr.initial, scope);
  const range = resolved(state, state.types.get(expr.range)!);
  const outer: Scope = { name: expr.accumulator, type: gathered, outer: scope };
  const [first, second] = loopTypes(state, expr, range);
  const single: Scope = { name: expr.variable, type: first, outer };
  const inner = expr.variable2 === undefined ? single : { name: expr.variable2, type: second, outer: single };
  const condition = check(state, expr.condition, inner);
  if (!isAssignable(state, celTypes.bool, condition)) mismatch(state, expr.condition, celTypes.bool, condition);
  const step = check(state, expr.step, inner);
  if (!isAssignable(state, gathered, step)) mismatch(state, expr.step, gathered, step);
  return resolved(state, check(state, expr.result, outer));
}

function loopTypes(state: State, expr: Comprehension, range: CelType): [CelType, CelType] {
  switch (range.kind) {
    case 'list':
      return expr.variable2 === undefined ? [range.element, celTypes.error] : [celTypes.int, range.element];
    case 'map':
      return [range.key, range.value];
    case 'dyn':
    case 'error':
    case 'param':
      isAssignable(state, celTypes.dyn, range);
      return [celTypes.dyn, celTypes.dyn];
    default:
      report(
        state,
        expr.range,
        `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      );
      return [celTypes.error, celTypes.error];
  }
}
