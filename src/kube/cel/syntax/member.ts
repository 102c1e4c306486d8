/** What follows a primary expression: fields, methods, indices. */
import type { Expr } from './ast.ts';
import { startsExpression } from './cursor.ts';
import type { Token } from './lexer.ts';
import { argumentsOf, expressionStart, indexStart, primary, type Reader } from './primary.ts';

export function members(reader: Reader): Expr {
  return reader.cursor.within('member', () => {
    let expr = primary(reader);
    for (;;) {
      const next = readMember(reader, expr);
      if (!next) return expr;
      expr = next;
    }
  });
}

function readMember(reader: Reader, operand: Expr): Expr | undefined {
  const dot = reader.cursor.take('.');
  if (dot) return readField(reader, operand, dot);
  const bracket = reader.cursor.take('[');
  if (!bracket) return undefined;
  const optional = reader.cursor.take('?');
  if (!startsExpression(reader.cursor.peek())) return reader.cursor.fail(optional ? expressionStart : indexStart);
  const index = reader.expression();
  reader.cursor.expect(']');
  const name = optional ? '_[?_]' : '_[_]';
  return reader.deep({ kind: 'call', offset: bracket.offset, name, target: undefined, args: [operand, index] }, 1);
}

function readField(reader: Reader, operand: Expr, dot: Token): Expr {
  const { cursor, problems, expand, deep } = reader;
  const optional = cursor.take('?');
  const { kind, text, offset } = cursor.peek();
  if (kind === 'escaped') problems.push({ offset, message: "unsupported syntax: '`'" });
  else if (kind !== 'identifier') {
    if (optional) return cursor.fail('{IDENTIFIER, ESC_IDENTIFIER}');
    return cursor.noAlternative(kind === 'end' ? '.' : `.${text}`);
  }
  cursor.next();
  const open = optional ? undefined : cursor.take('(');
  if (open) {
    const args = argumentsOf(reader);
    return deep(expand(text, open, operand, args), 1, [operand, ...args]);
  }
  if (!optional) return deep({ kind: 'select', offset: dot.offset, operand, field: text, test: false }, 1);
  const field: Expr = { kind: 'literal', offset, value: text };
  return deep({ kind: 'call', offset: dot.offset, name: '_?._', target: undefined, args: [operand, field] }, 1);
}
