/** cel-go's grammar: operators by precedence, members, literals; macros are expanded while they are read. */
import type { Call, Expr } from './ast.ts';
import { type Cursor, cursorOf, SyntaxProblem } from './cursor.ts';
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
    const cursor = cursorOf(found, problems);
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

function ternary(reader: Reader): Expr {
  return reader.cursor.within('expr', () => {
    const condition = logical(reader, 0);
    const question = reader.cursor.take('?');
    if (!question) return condition;
    const whenTrue = logical(reader, 0);
    reader.cursor.expect(':');
    return reader.deep(operator('_?_:_', question.offset, condition, whenTrue, ternary(reader)), 1);
  });
}

const logicalRules = [
  { rule: 'conditionalOr', symbol: '||', name: '_||_' },
  { rule: 'conditionalAnd', symbol: '&&', name: '_&&_' },
] as const;

/** Chains of && and || become balanced trees, so that a long one is not deep. */
function logical(reader: Reader, level: 0 | 1): Expr {
  const { rule, symbol, name } = logicalRules[level];
  const operand = () => (level === 0 ? logical(reader, 1) : binary(reader, 0));
  return reader.cursor.within(rule, () => {
    const terms = [operand()];
    const places: Place[] = [];
    for (let op = reader.cursor.take(symbol); op; op = reader.cursor.take(symbol)) {
      places.push(op);
      terms.push(operand());
    }
    if (terms.length === 1) return terms[0]!;
    return reader.deep(balanced(name, terms, places, 0, places.length - 1), 0, terms);
  });
}

function balanced(name: string, terms: readonly Expr[], places: readonly Place[], low: number, high: number): Expr {
  const middle = Math.floor((low + high + 1) / 2);
  const left = middle === low ? terms[middle]! : balanced(name, terms, places, low, middle - 1);
  const right = middle === high ? terms[middle + 1]! : balanced(name, terms, places, middle + 1, high);
  return operator(name, places[middle]!.offset, left, right);
}

const levels = [
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
] as const;

/** Comparisons are one rule of the grammar, sums and products another. */
const ruleOf = ['relation', 'calc', undefined] as const;

const binaryNames: Readonly<Record<string, string>> = { in: '@in' };

function binary(reader: Reader, level: number): Expr {
  const rule = ruleOf[level];
  return rule === undefined ? chain(reader, level) : reader.cursor.within(rule, () => chain(reader, level));
}

function chain(reader: Reader, level: number): Expr {
  const symbols: readonly string[] | undefined = levels[level];
  if (!symbols) return unary(reader);
  const { cursor } = reader;
  let left = binary(reader, level + 1);
  for (;;) {
    const { kind, text, offset } = cursor.peek();
    if (kind !== 'symbol' || !symbols.includes(text)) return left;
    cursor.next();
    left = reader.deep(operator(binaryNames[text] ?? `_${text}_`, offset, left, binary(reader, level + 1)), 1);
  }
}

function unary(reader: Reader): Expr {
  const { cursor } = reader;
  const first = cursor.peek();
  if (first.kind !== 'symbol' || (first.text !== '!' && first.text !== '-')) return members(reader);
  const isNumber = (kind: string) => kind === 'int' || kind === 'float';
  // A minus right before a number is the number's sign.
  if (first.text === '-' && isNumber(cursor.peek(1).kind)) return members(reader);
  let times = 0;
  while (cursor.take(first.text)) times++;
  if (cursor.peek().kind === 'end') {
    if (first.text === '-') return cursor.noAlternative('-');
    cursor.skip(expressionStart);
  }
  const operand = members(reader);
  if (times % 2 === 0) return operand;
  return reader.deep(operator(first.text === '!' ? '!_' : '-_', first.offset, operand), 0);
}
