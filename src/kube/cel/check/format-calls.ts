/** Format strings that are constants, against the types of the arguments they are given. */

import { type Clause, FormatProblem, readFormat, refusals } from '../library/format-clauses.ts';
import type { Call, Expr, ListLiteral, Literal } from '../syntax/ast.ts';
import type { Problem } from '../syntax/source.ts';
import { type CelType, typeName } from '../types.ts';
import { type Checked, typeOf } from './checked.ts';

type FormatCall = Call & {
  readonly target: Literal & { readonly value: string };
  readonly args: readonly [ListLiteral];
};

export const checkFormatCalls = (checked: Checked, parts: readonly Expr[]): Problem[] =>
  parts.filter((part): part is FormatCall => isFormatCall(checked, part)).flatMap((call) => checkCall(checked, call));

function isFormatCall(checked: Checked, expr: Expr): boolean {
  if (expr.kind !== 'call' || expr.name !== 'format' || expr.args.length !== 1) return false;
  const { target } = expr;
  return (
    target?.kind === 'literal' &&
    typeof target.value === 'string' &&
    expr.args[0]?.kind === 'list' &&
    checked.calls.get(expr)?.overloads.includes('string_format') === true
  );
}

/** A clause and an argument that do not go together. */
class ArgumentProblem extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

function checkCall(checked: Checked, call: FormatCall): Problem[] {
  const { items } = call.args[0];
  let used = 0;
  try {
    readFormat(call.target.value, (clause, index, isEnd) => {
      used++;
      if (index >= items.length && !isEnd) throw new FormatProblem(`index ${index} out of range`);
      const found = clause();
      checkArgument(checked, found, items[index]!);
      return '';
    });
  } catch (error) {
    if (error instanceof ArgumentProblem)
      return [{ offset: error.offset, message: `error during formatting: ${error.message}` }];
    if (error instanceof FormatProblem) return [{ offset: call.offset, message: error.message }];
    throw error;
  }
  if (items.length <= used) return [];
  const message = `too many arguments supplied to string.format (expected ${used}, got ${items.length})`;
  return [{ offset: call.offset, message }];
}

const everything: readonly CelType['kind'][] = [
  'list',
  'map',
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'timestamp',
  'bytes',
  'duration',
  'type',
  'null',
];

const taken: Readonly<Record<string, readonly CelType['kind'][]>> = {
  s: everything,
  d: ['int', 'uint'],
  f: ['double', 'string'],
  e: ['double', 'string'],
  b: ['int', 'uint', 'bool'],
  x: ['int', 'uint', 'string', 'bytes'],
  X: ['int', 'uint', 'string', 'bytes'],
  o: ['int', 'uint'],
};

function checkArgument(checked: Checked, { verb }: Clause, arg: Expr): void {
  const type = typeOf(checked, arg);
  if (type.kind !== 'dyn' && !taken[verb]!.includes(type.kind))
    throw new ArgumentProblem(arg.offset, `${refusals[verb]}, was given ${typeName(type)}`);
  if (verb !== 's') return;
  const inside =
    arg.kind === 'list' ? arg.items : arg.kind === 'map' ? arg.entries.flatMap(({ key, value }) => [key, value]) : [];
  for (const each of inside) checkArgument(checked, { verb, precision: undefined }, each);
}
