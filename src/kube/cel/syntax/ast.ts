/** What the parser makes of an expression: macros are expanded already. Offsets are code points from the start. */
import type { CelValue } from '../value/value.ts';

interface Placed {
  readonly offset: number;
}

export interface Literal extends Placed {
  readonly kind: 'literal';
  readonly value: CelValue;
}

export interface Ident extends Placed {
  readonly kind: 'ident';
  readonly name: string;
}

export interface Select extends Placed {
  readonly kind: 'select';
  readonly operand: Expr;
  readonly field: string;
  /** has(...): whether the field is there. */
  readonly test: boolean;
}

export interface Call extends Placed {
  readonly kind: 'call';
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
}

export interface ListLiteral extends Placed {
  readonly kind: 'list';
  readonly items: readonly Expr[];
  /** Indices of `?item`. */
  readonly optional: ReadonlySet<number>;
}

export interface MapEntry {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface MapLiteral extends Placed {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface FieldEntry extends Placed {
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
}

export interface StructLiteral extends Placed {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly FieldEntry[];
}

/** A loop over a range; over an empty one with a false condition it only binds `accumulator` for its result. */
export interface Comprehension extends Placed {
  readonly kind: 'comprehension';
  readonly range: Expr;
  readonly variable: string;
  readonly variable2: string | undefined;
  readonly accumulator: string;
  readonly initial: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

export type Expr = Literal | Ident | Select | Call | ListLiteral | MapLiteral | StructLiteral | Comprehension;

/** The hidden variable loops gather in. */
export const accumulatorName = '@result';

/** The parts of an expression, in the order they are written. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'ident':
      return [];
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expr.fields.map(({ value }) => value);
    case 'comprehension':
      return [expr.range, expr.initial, expr.condition, expr.step, expr.result];
  }
}

/** An expression and everything in it. */
export function* walk(expr: Expr): Generator<Expr> {
  yield expr;
  for (const part of partsOf(expr)) yield* walk(part);
}

/** `a.b.c` where an expression is nothing but names. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.test) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}
