/** What compiled pieces are, and how the compilers of expressions, statements and functions find each other. */
import type { Block, Expression, FunctionBody } from '../ast.ts';
import type { Frame } from '../run.ts';
import type { LuaValue, LuaValues } from '../value.ts';

/** One value. */
export type Evaluate = (frame: Frame) => LuaValue;
/** All values of a call or of `...`. */
export type EvaluateAll = (frame: Frame) => LuaValues;
/** Undefined to go on, `broken` to leave the loop, anything else is what the function returns. */
export type Execute = (frame: Frame) => LuaValues | undefined;

export const broken: LuaValues = ['break'];

export interface Compiler {
  readonly expression: (expression: Expression) => Evaluate;
  readonly all: (expressions: readonly Expression[]) => EvaluateAll;
  readonly block: (block: Block) => Execute;
  readonly closure: (body: FunctionBody) => Evaluate;
  /** Counts one node of the tree that is being compiled. */
  readonly count: () => void;
  /** What `compile` gives, and how many nodes it has that no block within counts for itself. */
  readonly measured: <T>(compile: () => T) => readonly [T, cost: number];
}
