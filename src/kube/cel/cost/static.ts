/**
 * What an expression may cost at least and at most, before it ever runs: cel-go's estimate. Sizes come from literals,
 * from what calls make of their arguments, and from what a schema says about the variables.
 */

import { type Checked, typeOf } from '../check/checked.ts';
import {
  accumulatorName,
  type Call,
  type Comprehension,
  type Expr,
  type ListLiteral,
  type MapLiteral,
  type Select,
} from '../syntax/ast.ts';
import { type CelType, isOptionalType, unwrapOptional } from '../types.ts';
import { textSize } from '../value/size.ts';
import { fixed, nothing, plus, type Range, times, union, unknownSize } from './estimate.ts';
import { estimateCall, type Sized } from './function-estimates.ts';
import { sizeAtPath, sizeRoot } from './paths.ts';
import { standardCall } from './standard-estimates.ts';

type Path = readonly string[];

/** The sizes of what is in a list or map, where they are known. */
interface Entries {
  readonly container: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly path: Path | undefined;
  readonly size: Range | undefined;
  readonly entries: Entries | undefined;
}

interface Estimation {
  readonly checked: Checked;
  readonly root: CelType | undefined;
  readonly locals: Map<string, Local[]>;
  readonly paths: Map<Expr, Path | undefined>;
  readonly sizes: Map<Expr, Range>;
  readonly entries: Map<Expr, Entries>;
}

export function estimateCost(checked: Checked, variables: ReadonlyMap<string, CelType>): Range {
  return cost(
    { checked, root: sizeRoot(variables), locals: new Map(), paths: new Map(), sizes: new Map(), entries: new Map() },
    checked.expr,
  );
}

const one = fixed(1);

function cost(state: Estimation, expr: Expr): Range {
  switch (expr.kind) {
    case 'literal':
      return nothing;
    case 'ident': {
      const local = localOf(state, expr.name);
      state.paths.set(expr, local ? local.path : [rootName(state, expr)]);
      return one;
    }
    case 'select':
      return selectCost(state, expr);
    case 'call':
      return callCost(state, expr);
    case 'list':
      return listCost(state, expr);
    case 'map':
      return mapCost(state, expr);
    case 'struct':
      return plus(...expr.fields.map(({ value }) => cost(state, value)), fixed(40));
    case 'comprehension':
      return isBind(expr) ? bindCost(state, expr) : loopCost(state, expr);
  }
}

const rootName = (state: Estimation, expr: Expr & { kind: 'ident' }): string =>
  state.checked.names.get(expr)?.name ?? expr.name;
const localOf = (state: Estimation, name: string): Local | undefined => state.locals.get(name)?.at(-1);

function pathOf(state: Estimation, expr: Expr): Path | undefined {
  const local = expr.kind === 'ident' ? localOf(state, expr.name) : undefined;
  return local ? local.path : state.paths.get(expr);
}

const append = (path: Path | undefined, part: string): Path => [...(path ?? []), part];

function selectCost(state: Estimation, expr: Select): Range {
  // A whole qualified name is one step.
  if (state.checked.names.has(expr)) {
    state.paths.set(expr, [state.checked.names.get(expr)!.name]);
    return one;
  }
  const operand = cost(state, expr.operand);
  if (expr.test) return operand;
  state.paths.set(expr, append(pathOf(state, expr.operand), expr.field));
  return ['map', 'object', 'param'].includes(typeOf(state.checked, expr.operand).kind) ? plus(operand, one) : operand;
}

function listCost(state: Estimation, expr: ListLiteral): Range {
  const costs = expr.items.map((item) => cost(state, item));
  state.entries.set(expr, {
    container: 'list',
    key: one,
    value: unionOf(expr.items.map((item) => sizeOrUnknown(state, item))),
  });
  return plus(...costs, fixed(10));
}

const unionOf = (ranges: readonly Range[]): Range => (ranges.length === 0 ? nothing : ranges.reduce(union));

function mapCost(state: Estimation, expr: MapLiteral): Range {
  const costs = expr.entries.flatMap(({ key, value }) => [cost(state, key), cost(state, value)]);
  const [key, value] = [
    unionOf(expr.entries.map((entry) => sizeOrUnknown(state, entry.key))),
    unionOf(expr.entries.map((entry) => sizeOrUnknown(state, entry.value))),
  ];
  state.entries.set(expr, { container: 'map', key, value });
  return plus(...costs, fixed(30));
}

function callCost(state: Estimation, call: Call): Range {
  const reference = state.checked.calls.get(call)!;
  const { name } = reference.declaration;
  const [first] = call.args;
  if (name === 'dyn' && first) {
    const argument = cost(state, first);
    copySizes(state, call, first);
    return plus(one, argument);
  }
  const argCosts = call.args.map((arg) => cost(state, arg));
  const args = call.args.map((arg) => sized(state, arg));
  const targetCost = reference.target ? cost(state, reference.target) : nothing;
  const target = reference.target && sized(state, reference.target);
  let total: Range | undefined;
  let size: Range | undefined;
  for (const overload of reference.overloads) {
    const estimate = overloadCost(state, call, name, overload, target, args, argCosts);
    total = total ? union(total, estimate.cost) : estimate.cost;
    if (estimate.size) size = size ? union(size, estimate.size) : estimate.size;
    size = indexed(state, call, overload, size) ?? sizeOf(state, call);
  }
  if (size) state.sizes.set(call, size);
  return plus(targetCost, total ?? nothing);
}

/** Indices go on with the path of what they look into. */
function indexed(state: Estimation, call: Call, overload: string, size: Range | undefined): Range | undefined {
  const part = overload === 'index_list' ? '@items' : overload === 'index_map' ? '@values' : undefined;
  const [container] = call.args;
  if (!part || !container) return size;
  state.paths.set(call, append(pathOf(state, container), part));
  return entriesOf(state, container)?.value;
}

function overloadCost(
  state: Estimation,
  call: Call,
  name: string,
  overload: string,
  target: Sized | undefined,
  args: readonly Sized[],
  argCosts: readonly Range[],
): { cost: Range; size?: Range } {
  const special = estimateCall(name, overload, target, args);
  if (special) return { ...special, cost: plus(special.cost, ...argCosts) };
  const [first, second, third] = argCosts as [Range, Range, Range];
  if (overload === 'logical_and' || overload === 'logical_or')
    return { cost: { min: first.min, max: plus(first, second).max } };
  const standard = standardCall(overload, target, args);
  if (overload === 'conditional') {
    keepEntries(state, call, call.args[1]!, call.args[2]!);
    return { ...standard, cost: plus(first, union(second, third)) };
  }
  if (overload.startsWith('add_') && call.args.length === 2) keepEntries(state, call, call.args[0]!, call.args[1]!);
  return { ...standard, cost: plus(standard.cost, ...argCosts) };
}

/** What may be one or the other, or both behind one another, has entries of either size. */
function keepEntries(state: Estimation, call: Call, left: Expr, right: Expr): void {
  const [ours, theirs] = [entriesOf(state, left), entriesOf(state, right)];
  if (!ours || !theirs) return;
  state.entries.set(call, { ...ours, key: union(ours.key, theirs.key), value: union(ours.value, theirs.value) });
}

const isBind = ({ range, condition, accumulator }: Comprehension): boolean =>
  range.kind === 'list' &&
  range.items.length === 0 &&
  condition.kind === 'literal' &&
  condition.value === false &&
  accumulator !== '__result__';

function bindCost(state: Estimation, expr: Comprehension): Range {
  const before = plus(cost(state, expr.range), cost(state, expr.initial));
  push(state, expr.accumulator, bound(state, expr.initial));
  const result = cost(state, expr.result);
  pop(state, expr.accumulator);
  copySizes(state, expr, expr.result);
  return plus(before, result);
}

const bound = (state: Estimation, expr: Expr): Local => ({
  path: pathOf(state, expr),
  entries: entriesOf(state, expr),
  size: sizeOf(state, expr),
});

function push(state: Estimation, name: string, local: Local): void {
  const stack = state.locals.get(name) ?? [];
  stack.push(local);
  state.locals.set(name, stack);
}

const pop = (state: Estimation, name: string): void => void state.locals.get(name)?.pop();

function loopCost(state: Estimation, expr: Comprehension): Range {
  const before = plus(cost(state, expr.range), cost(state, expr.initial));
  push(state, expr.accumulator, bound(state, expr.initial));
  pushLoopVariables(state, expr);
  const turn = plus(cost(state, expr.step), cost(state, expr.condition));
  pop(state, expr.variable);
  if (expr.variable2 !== undefined) pop(state, expr.variable2);
  const result = cost(state, expr.result);
  pop(state, expr.accumulator);
  const count = sizeOrUnknown(state, expr.range);
  if (expr.initial.kind === 'literal') {
    const size = sizeOf(state, expr.initial);
    if (size) state.sizes.set(expr, size);
  } else if (expr.initial.kind === 'list' || expr.initial.kind === 'map') {
    state.sizes.set(expr, count);
    const entries = entriesOf(state, expr.step);
    if (entries) state.entries.set(expr, entries);
  }
  return plus(before, result, times(count, turn));
}

function pushLoopVariables(state: Estimation, expr: Comprehension): void {
  const entries = entriesOf(state, expr.range);
  const path = pathOf(state, expr.range);
  const isList = (entries?.container ?? typeOf(state.checked, expr.range).kind) === 'list';
  const variable = (name: string, part: string, size: Range | undefined) =>
    push(state, name, { path: append(path, part), size, entries: undefined });
  const valuePart = isList ? '@items' : '@values';
  if (expr.variable2 !== undefined) {
    variable(expr.variable, isList ? '@indices' : '@keys', entries?.key);
    variable(expr.variable2, valuePart, entries?.value);
  } else variable(expr.variable, isList ? '@items' : '@keys', isList ? entries?.value : entries?.key);
}

function copySizes(state: Estimation, to: Expr, from: Expr): void {
  const [size, entries] = [sizeOf(state, from), entriesOf(state, from)];
  if (size) state.sizes.set(to, size);
  if (entries) state.entries.set(to, entries);
}

function entriesOf(state: Estimation, expr: Expr): Entries | undefined {
  const known = state.entries.get(expr);
  if (known || expr.kind !== 'ident') return known;
  return localOf(state, expr.name)?.entries;
}

const sizeOrUnknown = (state: Estimation, expr: Expr): Range => sizeOf(state, expr) ?? unknownSize;

function sizeOf(state: Estimation, expr: Expr): Range | undefined {
  const known = state.sizes.get(expr) ?? literalSize(expr);
  if (known) return known;
  const declared = sizeAtPath(state.root, pathOf(state, expr));
  if (declared) {
    state.sizes.set(expr, declared);
    return declared;
  }
  if (isScalar(typeOf(state.checked, expr))) return one;
  return expr.kind === 'ident' ? localOf(state, expr.name)?.size : undefined;
}

function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === 'list') return fixed(expr.items.length);
  if (expr.kind === 'map') return fixed(expr.entries.length);
  if (expr.kind !== 'literal') return undefined;
  if (typeof expr.value === 'string') return fixed(textSize(expr.value));
  return fixed(expr.value instanceof Uint8Array ? expr.value.length : 1);
}

const scalars: ReadonlySet<CelType['kind']> = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);
const isScalar = (type: CelType): boolean => scalars.has(isOptionalType(type) ? unwrapOptional(type).kind : type.kind);

function sized(state: Estimation, expr: Expr): Sized {
  const type = typeOf(state.checked, expr);
  const path = pathOf(state, expr);
  const visible = path && path[0] !== accumulatorName ? path : undefined;
  const literal = expr.kind === 'literal' ? expr.value : undefined;
  return {
    type,
    size: sizeOf(state, expr),
    items: type.kind === 'list' && visible ? sizeAtPath(state.root, [...visible, '@items']) : undefined,
    int: typeof literal === 'number' || typeof literal === 'bigint' ? BigInt(literal) : undefined,
    isLiteral: expr.kind === 'literal',
  };
}
