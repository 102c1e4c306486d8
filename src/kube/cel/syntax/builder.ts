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
import { SyntaxProblem } from './cursor.ts';

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
  readonly copy: Copy;
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

export function builderAt(offset: number, copy: Copy): Builder {
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
    copy,
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

/** A macro may need a part twice, and macros in macros then double it each time: beyond this many nodes it is refused. */
const mostCopied = 100_000;

export type Copy = <E extends Expr>(expr: E) => E;

/** The same expression as other nodes: what the checker finds out of one must not be taken for the other's. */
export function copier(): Copy {
  let copied = 0;
  const copy = <T extends object>(node: T): T => {
    if (++copied > mostCopied)
      throw new SyntaxProblem({ offset: -1, message: `macros make more than ${mostCopied} nodes of the expression` });
    const made = { ...node } as Record<string, unknown>;
    for (const [name, part] of Object.entries(node)) {
      if (Array.isArray(part)) made[name] = part.map((each: object) => copy(each));
      else if (part && typeof part === 'object' && ('kind' in part || 'key' in part)) made[name] = copy(part as object);
    }
    return made as T;
  };
  return copy;
}
