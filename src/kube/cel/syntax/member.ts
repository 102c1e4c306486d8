/** What follows a primary expression: fields, methods, indices. */
import type { Expr } from './ast.ts';
import { startsExpression } from './cursor.ts';
import type { Token } from './lexer.ts';
import { argumentsOf, ended, expressionStart, indexStart, leaveOut, primary, type Reader } from './primary.ts';

export function members(reader: Reader): Expr {
  let expr = primary(reader);
  for (;;) {
    const next = readMember(reader, expr);
    if (!next) return expr;
    expr = next;
  }
}

function readMember(reader: Reader, operand: Expr): Expr | undefined {
  const dot = reader.cursor.take('.');
  if (dot) return readField(reader, operand, dot);
  const bracket = reader.cursor.take('[');
  if (!bracket) return undefined;
  const optional = reader.cursor.take('?');
  if (!startsExpression(reader.cursor.peek())) leaveOut(reader, optional ? expressionStart : indexStart);
  const index = ended(reader, [']']);
  reader.cursor.expect(']');
  const name = optional ? '_[?_]' : '_[_]';
  return reader.deep({ kind: 'call', offset: bracket.offset, name, target: undefined, args: [operand, index] }, 1);
}

function readField(reader: Reader, operand: Expr, dot: Token): Expr {
  const { cursor, problems } = reader;
  const optional = cursor.take('?');
  const { kind, offset } = cursor.peek();
  if (kind === 'escaped') problems.push({ offset, message: "unsupported syntax: '`'" });
  else if (kind !== 'identifier') {
    if (!optional) return cursor.noAlternative(dot);
    const wanted = '{IDENTIFIER, ESC_IDENTIFIER}';
    if (cursor.peek(1).kind !== 'identifier') return cursor.fail(wanted);
    cursor.skip(wanted);
    return readName(reader, operand, dot, true);
  }
  return readName(reader, operand, dot, optional !== undefined);
}

function readName({ cursor, expand, deep, ...reader }: Reader, operand: Expr, dot: Token, optional: boolean): Expr {
  const { text, offset } = cursor.next();
  const open = optional ? undefined : cursor.take('(');
  if (open) {
    const args = argumentsOf({ cursor, expand, deep, ...reader });
    return deep(expand(text, open, operand, args), 1, [operand, ...args]);
  }
  if (!optional) return deep({ kind: 'select', offset: dot.offset, operand, field: text, test: false }, 1);
  const field: Expr = { kind: 'literal', offset, value: text };
  return deep({ kind: 'call', offset: dot.offset, name: '_?._', target: undefined, args: [operand, field] }, 1);
}
