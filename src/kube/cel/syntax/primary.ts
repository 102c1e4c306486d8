/** Names, calls, literals and parentheses. */

import { CelDouble } from '../value/value.ts';
import type { Expr, FieldEntry, MapEntry } from './ast.ts';
import { builderAt } from './builder.ts';
import { type Cursor, startsExpression } from './cursor.ts';
import type { Deep } from './depth.ts';
import type { Token } from './lexer.ts';
import { bytesLiteral, intLiteral, stringLiteral, uintLiteral } from './literal.ts';
import { type Macro, MacroProblem, macroKey } from './macros.ts';
import type { Problem } from './source.ts';

export interface Place {
  readonly offset: number;
}

export interface Reader {
  readonly cursor: Cursor;
  /** What is wrong but does not stop the reading. */
  readonly problems: Problem[];
  readonly expand: (name: string, place: Place, target: Expr | undefined, args: readonly Expr[]) => Expr;
  readonly deep: Deep;
  readonly expression: () => Expr;
}

const reserved: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** What can begin an expression, as error texts list it; arguments may also end, and an index may be optional. */
export const expressionStart =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const argumentStart = expressionStart.replace("'(', ", "'(', ')', ");
export const indexStart: string = expressionStart.replace("'!', ", "'!', '?', ");

/** A call, or what the macro of that name makes of it. */
export function expander(macros: ReadonlyMap<string, Macro>, problems: Problem[]): Reader['expand'] {
  return (name, { offset }, target, args) => {
    const call: Expr = { kind: 'call', offset, name, target, args };
    const macro = macros.get(macroKey(name, args.length, target !== undefined));
    if (!macro) return call;
    try {
      return macro.expand(builderAt(offset), target ?? call, args) ?? call;
    } catch (error) {
      if (!(error instanceof MacroProblem)) throw error;
      problems.push({ offset: error.offset, message: error.message });
      return call;
    }
  };
}

export function primary(reader: Reader): Expr {
  const { cursor } = reader;
  const token = cursor.peek();
  if (!startsExpression(token)) return misplaced(reader, expressionStart);
  if (token.kind === 'identifier') return named(reader, '');
  if (token.kind !== 'symbol') return literal(reader, token, false);
  switch (token.text) {
    case '(': {
      cursor.next();
      const inner = reader.expression();
      cursor.expect(')');
      return inner;
    }
    case '[':
      return list(reader);
    case '{':
      return map(reader);
    case '.': {
      cursor.next();
      const after = cursor.peek();
      if (after.kind === 'identifier') return named(reader, '.');
      return cursor.noAlternative(after.kind === 'end' ? '.' : `.${after.text}`);
    }
    case '-':
      cursor.next();
      return literal(reader, cursor.peek(), true, token.offset);
    case 'true':
    case 'false':
    case 'null':
      cursor.next();
      return { kind: 'literal', offset: token.offset, value: token.text === 'null' ? null : token.text === 'true' };
    default:
      return misplaced(reader, expressionStart);
  }
}

/** One token that does not belong where an expression should be is left out, if one comes after it. */
function misplaced(reader: Reader, wanted: string): Expr {
  const { cursor } = reader;
  if (!startsExpression(cursor.peek(1))) return cursor.fail(wanted);
  cursor.skip(wanted);
  return primary(reader);
}

function literal({ cursor, problems }: Reader, token: Token, negative: boolean, start = token.offset): Expr {
  const made = literalValue(token, negative);
  if (made === undefined)
    return negative ? cursor.noAlternative(`-${token.kind === 'end' ? '' : token.text}`) : cursor.fail(expressionStart);
  cursor.next();
  if (typeof made === 'object' && made !== null && 'problem' in made) {
    problems.push({ offset: start, message: made.problem });
    return { kind: 'literal', offset: start, value: null };
  }
  return { kind: 'literal', offset: start, value: made.value };
}

type Made = { readonly value: Extract<Expr, { kind: 'literal' }>['value'] } | { readonly problem: string };

function literalValue({ kind, text }: Token, negative: boolean): Made | undefined {
  const orProblem = (value: Extract<Expr, { kind: 'literal' }>['value'] | undefined, name: string): Made =>
    value === undefined ? { problem: `invalid ${name} literal` } : { value };
  switch (kind) {
    case 'int':
      return orProblem(intLiteral(text, negative), 'int');
    case 'float': {
      const value = Number(text);
      return orProblem(Number.isFinite(value) ? new CelDouble(negative ? -value : value) : undefined, 'double');
    }
    case 'uint':
      return negative ? undefined : orProblem(uintLiteral(text), 'uint');
    case 'string':
      return negative ? undefined : stringLiteral(text);
    case 'bytes':
      return negative ? undefined : bytesLiteral(text);
    default:
      return undefined;
  }
}

/** `a`, `a(…)`, and `a.b.C{…}`. */
function named(reader: Reader, lead: '' | '.'): Expr {
  const { cursor, problems } = reader;
  const struct = structName(cursor);
  if (struct !== undefined) return structLiteral(reader, lead + struct);
  const { text, offset } = cursor.next();
  const start = lead === '' ? offset : offset - 1;
  const isReserved = reserved.has(text);
  if (isReserved) problems.push({ offset: start, message: `reserved identifier: ${text}` });
  const open = cursor.take('(');
  if (!open) return { kind: 'ident', offset, name: lead + text };
  const args = argumentsOf(reader);
  if (isReserved) return { kind: 'ident', offset, name: text };
  return reader.deep(reader.expand(lead + text, open, undefined, args), 0, args);
}

/** `a.b.C` before a brace; the names are only taken when there is one. */
function structName(cursor: Cursor): string | undefined {
  const names = [cursor.peek().text];
  for (let ahead = 1; ; ahead += 2) {
    const { kind, text } = cursor.peek(ahead);
    if (kind === 'symbol' && text === '{') {
      for (let taken = 0; taken < ahead; taken++) cursor.next();
      return names.join('.');
    }
    const name = cursor.peek(ahead + 1);
    if (kind !== 'symbol' || text !== '.' || name.kind !== 'identifier') return undefined;
    names.push(name.text);
  }
}

function structLiteral({ cursor, expression, deep }: Reader, name: string): Expr {
  const { offset } = cursor.expect('{');
  const fields: FieldEntry[] = [];
  while (!cursor.take('}')) {
    const optional = cursor.take('?') !== undefined;
    if (cursor.peek().kind !== 'identifier') cursor.fail("{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}");
    const field = cursor.next();
    const colon = cursor.expect(':');
    fields.push({ offset: colon.offset, name: field.text, value: expression(), optional });
    if (cursor.take(',')) continue;
    cursor.expect('}', "{'}', ','}");
    break;
  }
  return deep({ kind: 'struct', offset, name, fields }, 0);
}

function list({ cursor, expression, deep }: Reader): Expr {
  const { offset } = cursor.expect('[');
  const items: Expr[] = [];
  const optional = new Set<number>();
  while (!cursor.take(']')) {
    if (items.length === 0 && cursor.take(',')) {
      cursor.expect(']');
      break;
    }
    if (cursor.take('?')) optional.add(items.length);
    items.push(expression());
    if (cursor.take(',')) {
      if (cursor.peek().kind !== 'end') continue;
      cursor.expect(']');
      break;
    }
    cursor.expect(']', "{']', ','}");
    break;
  }
  return deep({ kind: 'list', offset, items, optional }, 0);
}

function map({ cursor, expression, deep }: Reader): Expr {
  const { offset } = cursor.expect('{');
  const entries: (MapEntry & Place)[] = [];
  while (!cursor.take('}')) {
    if (entries.length === 0 && cursor.take(',')) {
      cursor.expect('}');
      break;
    }
    const optional = cursor.take('?') !== undefined;
    const key = expression();
    const colon = cursor.expect(':');
    entries.push({ offset: colon.offset, key, value: expression(), optional });
    if (cursor.take(',')) continue;
    cursor.expect('}', "{'}', ','}");
    break;
  }
  return deep({ kind: 'map', offset, entries }, 0);
}

/** Arguments up to the closing parenthesis, the opening one being read. */
export function argumentsOf({ cursor, expression }: Reader): Expr[] {
  const args: Expr[] = [];
  if (cursor.take(')')) return args;
  const first = cursor.peek();
  if (!startsExpression(first)) {
    const isMisplaced = startsExpression(cursor.peek(1)) || cursor.peek(1).text === ')';
    if (!isMisplaced) return cursor.fail(argumentStart);
    cursor.skip(argumentStart);
    if (cursor.take(')')) return args;
  }
  do args.push(expression());
  while (cursor.take(','));
  cursor.expect(')');
  return args;
}
