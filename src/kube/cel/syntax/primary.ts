/** Names, calls, literals and parentheses. */

import { CelDouble } from '../value/value.ts';
import type { Expr, FieldEntry, MapEntry } from './ast.ts';
import { builderAt, copier } from './builder.ts';
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
const orNothing = (close: string, after: string): string =>
  indexStart.replace(after, `${after} ${close},`).replace("'.', ", "'.', ',', ");
const listStart = orNothing("']'", "'[',");
const mapStart = orNothing("'}'", "'{',");

/** An expression that these symbols may end. */
export function ended({ cursor, expression }: Reader, symbols: readonly string[]): Expr {
  cursor.open(symbols);
  const expr = expression();
  cursor.close();
  return expr;
}

/** A call, or what the macro of that name makes of it. */
export function expander(macros: ReadonlyMap<string, Macro>, problems: Problem[]): Reader['expand'] {
  const copy = copier();
  return (name, { offset }, target, args) => {
    const call: Expr = { kind: 'call', offset, name, target, args };
    const macro = macros.get(macroKey(name, args.length, target !== undefined));
    if (!macro) return call;
    try {
      return macro.expand(builderAt(offset, copy), target ?? call, args) ?? call;
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
      const inner = ended(reader, [')']);
      cursor.expect(')');
      return inner;
    }
    case '[':
      return list(reader);
    case '{':
      return map(reader);
    case '.': {
      const dot = cursor.next();
      return cursor.peek().kind === 'identifier' ? named(reader, '.') : cursor.noAlternative(dot);
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
  leaveOut(reader, wanted);
  return primary(reader);
}

/** `others`: what besides an expression may come then. */
export function leaveOut({ cursor }: Reader, wanted: string, others: readonly string[] = []): void {
  const after = cursor.peek(1);
  if (startsExpression(after) || (after.kind === 'symbol' && others.includes(after.text))) cursor.skip(wanted);
  else cursor.fail(wanted);
}

function literal({ cursor, problems }: Reader, token: Token, negative: boolean, start = token.offset): Expr {
  const made = literalValue(token, negative);
  if (made === undefined) return cursor.fail(expressionStart);
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

const fieldStart = "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}";

function structLiteral(reader: Reader, name: string): Expr {
  const { cursor, deep } = reader;
  const { offset } = cursor.expect('{');
  const fields: FieldEntry[] = [];
  entries(reader, '}', () => {
    const optional = cursor.take('?') !== undefined;
    if (cursor.peek().kind !== 'identifier') {
      if (cursor.peek(1).kind !== 'identifier') cursor.fail(fieldStart);
      cursor.skip(fieldStart);
    }
    const field = cursor.next();
    const colon = cursor.expect(':');
    const value = ended(reader, ['}', ',']);
    fields.push({ offset: colon.offset, name: field.text, value, optional });
  });
  return deep({ kind: 'struct', offset, name, fields }, 0);
}

/** Entries with commas between them, and maybe one behind; the bracket that opened them being read. */
function entries({ cursor }: Reader, close: ']' | '}', entry: () => void): void {
  if (cursor.take(close)) return;
  if (cursor.take(',')) {
    cursor.expect(close);
    return;
  }
  for (;;) {
    entry();
    if (!cursor.take(',')) break;
    if (cursor.take(close)) return;
    if (canBegin(cursor.peek())) continue;
    cursor.expect(close);
    return;
  }
  if (cursor.take(close)) return;
  const after = cursor.peek(1);
  const wanted = `{'${close}', ','}`;
  if (after.kind !== 'symbol' || (after.text !== close && after.text !== ',')) cursor.fail(wanted);
  cursor.skip(wanted);
  cursor.expect(close, wanted);
}

const canBegin = (token: Token): boolean => startsExpression(token) || (token.kind === 'symbol' && token.text === '?');

function list(reader: Reader): Expr {
  const { cursor, deep } = reader;
  const { offset } = cursor.expect('[');
  const items: Expr[] = [];
  const optional = new Set<number>();
  entries(reader, ']', () => {
    if (items.length === 0 && !canBegin(cursor.peek())) leaveOut(reader, listStart, [']', ',', '?']);
    if (cursor.take('?')) optional.add(items.length);
    items.push(ended(reader, [']', ',']));
  });
  return deep({ kind: 'list', offset, items, optional }, 0);
}

function map(reader: Reader): Expr {
  const { cursor, deep } = reader;
  const { offset } = cursor.expect('{');
  const found: (MapEntry & Place)[] = [];
  entries(reader, '}', () => {
    if (found.length === 0 && !canBegin(cursor.peek())) leaveOut(reader, mapStart, ['}', ',', '?']);
    const optional = cursor.take('?') !== undefined;
    const key = ended(reader, [':']);
    const colon = cursor.expect(':');
    found.push({ offset: colon.offset, key, value: ended(reader, ['}', ',']), optional });
  });
  return deep({ kind: 'map', offset, entries: found }, 0);
}

/** Arguments up to the closing parenthesis, the opening one being read. */
export function argumentsOf(reader: Reader): Expr[] {
  const { cursor } = reader;
  const args: Expr[] = [];
  if (cursor.take(')')) return args;
  if (!startsExpression(cursor.peek())) {
    leaveOut(reader, argumentStart, [')']);
    if (cursor.take(')')) return args;
  }
  do args.push(ended(reader, [')', ',']));
  while (cursor.take(','));
  cursor.expect(')');
  return args;
}
