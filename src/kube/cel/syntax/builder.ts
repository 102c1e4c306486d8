/** Nodes a macro makes: all of them stand where the macro is called. */

import type { CelValue } from '../value/value.ts';
import {
  accumulatorName,
  type Call,
  type Comprehension,
  type Expr,
  type Ident,
  type ListLiteral,
  type Literal,
  type MapLiteral,
} from './ast.ts';

export interface Loop {
  readonly range: Expr;
  readonly variable: string;
  readonly variable2?: string | undefined;
  readonly accumulator?: string;
  readonly initial: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result?: Expr;
}

export interface Builder {
  readonly offset: number;
  literal(value: CelValue): Literal;
  ident(name: string): Ident;
  /** The hidden variable a loop gathers in. */
  gathered(): Ident;
  call(name: string, ...args: Expr[]): Call;
  member(name: string, target: Expr, ...args: Expr[]): Call;
  list(...items: Expr[]): ListLiteral;
  emptyMap(): MapLiteral;
  loop(parts: Loop): Comprehension;
  /** A loop over nothing: `name` stands for `value` in `result`. */
  bind(name: string, value: Expr, result: Expr): Comprehension;
}

export function builderAt(offset: number): Builder {
  const literal = (value: CelValue): Literal => ({ kind: 'literal', offset, value });
  const ident = (name: string): Ident => ({ kind: 'ident', offset, name });
  const gathered = () => ident(accumulatorName);
  const list = (...items: Expr[]): ListLiteral => ({ kind: 'list', offset, items, optional: new Set() });
  const loop = (parts: Loop): Comprehension => ({
    kind: 'comprehension',
    offset,
    accumulator: accumulatorName,
    result: gathered(),
    ...parts,
    variable2: parts.variable2,
  });
  return {
    offset,
    literal,
    ident,
    gathered,
    call: (name, ...args) => ({ kind: 'call', offset, name, target: undefined, args }),
    member: (name, target, ...args) => ({ kind: 'call', offset, name, target, args }),
    list,
    emptyMap: () => ({ kind: 'map', offset, entries: [] }),
    loop,
    bind: (name, value, result) =>
      loop({
        range: list(),
        variable: '#unused',
        accumulator: name,
        initial: value,
        condition: literal(false),
        step: ident(name),
        result,
      }),
  };
}

/** The same expression as another node: what the checker finds out of one must not be taken for the other's. */
export function copyOf<E extends Expr>(expr: E): E {
  const copied: Record<string, unknown> = { ...expr };
  for (const [name, part] of Object.entries(expr)) {
    if (Array.isArray(part)) copied[name] = part.map((each: Expr) => copyOf(each));
    else if (part && typeof part === 'object' && ('kind' in part || 'key' in part)) copied[name] = copyOf(part as Expr);
  }
  return copied as unknown as E;
}
