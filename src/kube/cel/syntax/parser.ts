/** cel-go's grammar: operators by precedence, members, literals; macros are expanded while they are read. */
import type { Call, Expr } from './ast.ts';
import { type Cursor, cursorOf, SyntaxProblem, startsExpression } from './cursor.ts';
import { depthCounter } from './depth.ts';
import { tokens } from './lexer.ts';
import { type Macro, macroKey } from './macros.ts';
import { members } from './member.ts';
import { expander, expressionStart, type Place, type Reader } from './primary.ts';
import type { Problem } from './source.ts';

/** cel-go's limit, in code points. */
const longestExpression = 100_000;

export type Parsed = { readonly expr: Expr } | { readonly problems: readonly Problem[] };

export function parse(text: string, macros: readonly Macro[]): Parsed {
  const size = text.length > longestExpression ? Array.from(text).length : text.length;
  if (size > longestExpression) {
    const message = `expression code point size exceeds limit: size: ${size}, limit ${longestExpression}`;
    return { problems: [{ offset: -1, message }] };
  }
  const { tokens: found, problems: unread } = tokens(text);
  const problems: Problem[] = [...unread];
  try {
    const cursor = cursorOf(text, found, problems);
    const table = new Map(macros.map((macro) => [macroKey(macro.name, macro.args, macro.member), macro]));
    const expand = expander(table, problems);
    const reader: Reader = { cursor, problems, expand, deep: depthCounter(), expression: () => ternary(reader) };
    const expr = ternary(reader);
    const rest = cursor.peek();
    if (rest.kind !== 'end') leftOver(cursor);
    return problems.length > 0 ? { problems } : { expr };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return { problems: [...problems, error.problem] };
  }
}

/** Something behind the end: if it is one token, the rest is fine without it. */
function leftOver(cursor: Cursor): void {
  if (cursor.peek(1).kind === 'end') cursor.skip('<EOF>');
  else cursor.fail('<EOF>');
}

const operator = (name: string, offset: number, ...args: Expr[]): Call => ({
  kind: 'call',
  offset,
  name,
  target: undefined,
  args,
});

/** Every level of nesting goes through here: few calls for each, so that the deepest that is allowed fits the stack. */
function ternary(reader: Reader): Expr {
  const { cursor } = reader;
  cursor.enter('expr');
  const condition = or(reader);
  const question = cursor.take('?');
  if (!question) {
    cursor.leave('expr');
    return condition;
  }
  cursor.open([':']);
  const whenTrue = or(reader);
  cursor.close();
  cursor.expect(':');
  const whenFalse = ternary(reader);
  cursor.leave('expr');
  return reader.deep(operator('_?_:_', question.offset, condition, whenTrue, whenFalse), 1);
}

/** Chains of && and || become balanced trees, so that a long one is not deep. */
function or(reader: Reader): Expr {
  const first = and(reader);
  const terms = [first];
  const places: Place[] = [];
  for (let op = reader.cursor.take('||'); op; op = reader.cursor.take('||')) {
    places.push(op);
    terms.push(and(reader));
  }
  return places.length === 0 ? first : joined(reader, '_||_', terms, places);
}

function and(reader: Reader): Expr {
  const first = comparison(reader);
  const terms = [first];
  const places: Place[] = [];
  for (let op = reader.cursor.take('&&'); op; op = reader.cursor.take('&&')) {
    places.push(op);
    terms.push(comparison(reader));
  }
  return places.length === 0 ? first : joined(reader, '_&&_', terms, places);
}

const joined = (reader: Reader, name: string, terms: readonly Expr[], places: readonly Place[]): Expr =>
  reader.deep(balanced(name, terms, places, 0, places.length - 1), 0, terms);

function balanced(name: string, terms: readonly Expr[], places: readonly Place[], low: number, high: number): Expr {
  const middle = Math.floor((low + high + 1) / 2);
  const left = middle === low ? terms[middle]! : balanced(name, terms, places, low, middle - 1);
  const right = middle === high ? terms[middle + 1]! : balanced(name, terms, places, middle + 1, high);
  return operator(name, places[middle]!.offset, left, right);
}

/** How strongly operators bind; comparisons are one rule of the grammar, sums and products another. */
const strengths: Readonly<Record<string, 1 | 2 | 3>> = {
  '<': 1,
  '<=': 1,
  '>=': 1,
  '>': 1,
  '==': 1,
  '!=': 1,
  in: 1,
  '+': 2,
  '-': 2,
  '*': 3,
  '/': 3,
  '%': 3,
};

const comparison = (reader: Reader): Expr => binary(reader, 1, true);

/** Operators of at least this strength; `isRelation`: the rule of comparisons is entered too. */
function binary(reader: Reader, strength: number, isRelation: boolean): Expr {
  const { cursor } = reader;
  if (isRelation) cursor.enter('relation');
  cursor.enter('calc');
  let left = unary(reader);
  for (;;) {
    const { kind, text, offset } = cursor.peek();
    const found = kind === 'symbol' ? strengths[text] : undefined;
    if (found === undefined || found < strength) break;
    cursor.next();
    const right = binary(reader, found + 1, found === 1);
    left = reader.deep(operator(text === 'in' ? '@in' : `_${text}_`, offset, left, right), 1);
  }
  cursor.leave('calc');
  if (isRelation) cursor.leave('relation');
  return left;
}

function unary(reader: Reader): Expr {
  const { cursor } = reader;
  const first = cursor.peek();
  if (first.kind !== 'symbol' || (first.text !== '!' && first.text !== '-')) return members(reader);
  const isNumber = (kind: string) => kind === 'int' || kind === 'float';
  // A minus right before a number is the number's sign.
  if (first.text === '-' && isNumber(cursor.peek(1).kind)) return members(reader);
  let times = 0;
  let last = first;
  for (let op = cursor.take(first.text); op; op = cursor.take(first.text)) {
    last = op;
    times++;
  }
  if (!startsExpression(cursor.peek())) {
    if (last.text === '-') return cursor.noAlternative(last);
    cursor.skip(expressionStart);
  }
  const operand = members(reader);
  if (times % 2 === 0) return operand;
  return reader.deep(operator(first.text === '!' ? '!_' : '-_', first.offset, operand), 0);
}
