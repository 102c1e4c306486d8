/** Calls: which function is meant, and which of its overloads take the arguments. */

import type { FunctionDeclaration, Overload } from '../library/declare.ts';
import { type Call, type Expr, qualifiedName } from '../syntax/ast.ts';
import { type CelType, celTypes, formatType, isOptionalType, sameType, unwrapOptional } from '../types.ts';
import { isDyn, isDynOrError, parametersIn, substitute } from './assign.ts';
import { type Found, fieldOf, lookUp, type Scope } from './scope.ts';
import {
  areAssignable,
  type Check,
  freshType,
  isAssignable,
  mismatch,
  report,
  resolved,
  type State,
  undeclared,
} from './state.ts';

/** A name without the dot that says it is a whole one. */
const plain = (name: string): string => (name.startsWith('.') ? name.slice(1) : name);

export function checkCall(state: State, call: Call, scope: Scope | undefined, check: Check): CelType {
  if (call.name === '_?._') return checkOptionalSelect(state, call, scope, check);
  const { functions } = state.declarations;
  for (const arg of call.args) check(state, arg, scope);
  if (!call.target) {
    const declaration = functions.get(plain(call.name));
    return declaration ? resolveCall(state, call, declaration, undefined) : undeclared(state, call, call.name);
  }
  const prefix = qualifiedName(call.target);
  const namespaced = prefix === undefined ? undefined : functions.get(plain(`${prefix}.${call.name}`));
  if (namespaced) return resolveCall(state, call, namespaced, undefined);
  check(state, call.target, scope);
  const declaration = functions.get(call.name);
  return declaration ? resolveCall(state, call, declaration, call.target) : undeclared(state, call, call.name);
}

function resolveCall(state: State, call: Call, declaration: FunctionDeclaration, target: Expr | undefined): CelType {
  const exprs = target ? [target, ...call.args] : call.args;
  const types = exprs.map((expr) => state.types.get(expr) ?? celTypes.error);
  const isLogical = declaration.name === '_&&_' || declaration.name === '_||_';
  if (isLogical) return resolveLogical(state, call, declaration, types);
  const overloads: string[] = [];
  let result: CelType | undefined;
  for (const overload of declaration.overloads) {
    if (overload.member !== (target !== undefined)) continue;
    const found = resultOf(state, overload, types);
    if (!found) continue;
    overloads.push(overload.id);
    if (result === undefined) result = found;
    else if (!isDyn(result) && !sameType(found, result)) result = celTypes.dyn;
  }
  if (result === undefined) {
    report(state, call, noMatch(state, declaration.name, types, target !== undefined));
    return celTypes.error;
  }
  state.calls.set(call, { declaration, overloads, target });
  return result;
}

/** Names of the type parameters of overloads, found once. */
const parameterNames = new WeakMap<Overload, ReadonlySet<string>>();

function parametersOf(overload: Overload): ReadonlySet<string> {
  let names = parameterNames.get(overload);
  if (!names) {
    names = parametersIn([overload.result, ...overload.args]);
    parameterNames.set(overload, names);
  }
  return names;
}

/** Types that fit nothing but their own kind, so that most overloads are ruled out by a look. */
const closed: ReadonlySet<CelType['kind']> = new Set([
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'list',
  'map',
]);

const cannotFit = (from: CelType, to: CelType): boolean =>
  from.kind !== to.kind && closed.has(from.kind) && closed.has(to.kind);

/** The result of an overload that takes these types, with type parameters of its own. */
function resultOf(state: State, overload: Overload, types: readonly CelType[]): CelType | undefined {
  if (overload.args.length !== types.length) return undefined;
  for (const [index, type] of types.entries()) if (cannotFit(type, overload.args[index]!)) return undefined;
  const parameters = parametersOf(overload);
  if (parameters.size === 0) return areAssignable(state, types, overload.args) ? overload.result : undefined;
  const fresh = new Map([...parameters].map((name) => [name, freshType(state)]));
  const wanted = overload.args.map((type) => substitute(fresh, type));
  return areAssignable(state, types, wanted) ? resolved(state, substitute(fresh, overload.result)) : undefined;
}

function noMatch(state: State, name: string, types: readonly CelType[], onTarget: boolean): string {
  const texts = types.map((type) => formatType(substitute(state.bindings, type, true)));
  const signature = onTarget ? `${texts[0]}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`;
  return `found no matching overload for '${name}' applied to '${signature}'`;
}

function resolveLogical(
  state: State,
  call: Call,
  declaration: FunctionDeclaration,
  types: readonly CelType[],
): CelType {
  let fits = true;
  for (const [index, type] of types.entries()) {
    if (isAssignable(state, type, celTypes.bool)) continue;
    mismatch(state, call.args[index]!, celTypes.bool, type);
    fits = false;
  }
  if (!fits) return celTypes.error;
  state.calls.set(call, { declaration, overloads: [declaration.overloads[0]!.id], target: undefined });
  return celTypes.bool;
}

function checkOptionalSelect(state: State, call: Call, scope: Scope | undefined, check: Check): CelType {
  const [operand, field] = call.args as [Expr, Expr & { kind: 'literal'; value: string }];
  const type = checkField(state, call, operand, field.value, true, scope, check);
  const declaration = state.declarations.functions.get('_?._');
  if (declaration) state.calls.set(call, { declaration, overloads: ['select_optional_field'], target: undefined });
  return resolved(state, type);
}

/** The type of a field of whatever `operand` is. */
export function checkField(
  state: State,
  at: Expr,
  operand: Expr,
  field: string,
  optional: boolean,
  scope: Scope | undefined,
  check: Check,
): CelType {
  const operandType = resolved(state, check(state, operand, scope));
  const type = fieldType(state, at, unwrapOptional(operandType), field);
  return optional || isOptionalType(operandType) ? celTypes.optional(type) : type;
}

function fieldType(state: State, at: Expr, type: CelType, field: string): CelType {
  if (type.kind === 'map') return type.value;
  if (type.kind === 'object') {
    const found = fieldOf(type, field);
    if (!found)
      report(state, at, type.fields ? `undefined field '${field}'` : `unexpected failed resolution of '${type.name}'`);
    return found ?? celTypes.error;
  }
  if (type.kind === 'param') isAssignable(state, celTypes.dyn, type);
  else if (!isDynOrError(type)) report(state, at, `type '${formatType(type)}' does not support field selection`);
  return celTypes.dyn;
}

export function named(state: State, expr: Expr, scope: Scope | undefined, name: string): Found | undefined {
  const found = lookUp(state.declarations, scope, name);
  if (found) state.names.set(expr, { name: found.name, names: found.names });
  return found;
}
