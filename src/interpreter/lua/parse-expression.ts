/** Expressions: precedence climbing over the words of the lexer. */
import type { BinaryOperator, Call, Expression, Field, FunctionBody, Variable } from './ast.ts';
import type { Token } from './lex.ts';
import { resolve, type Scope } from './scope.ts';
import type { Words } from './words.ts';

/** What the parsers of expressions and of statements share. */
export interface Parser extends Words {
  readonly scope: () => Scope;
  /** From the parameters to `end`. */
  readonly functionBody: (opening: Token, self: boolean) => FunctionBody;
}

/** How tightly an operator holds what is left and right of it (Lua 5.1's manual, 2.5.6). */
const binding: ReadonlyMap<string, readonly [left: number, right: number]> = new Map<string, readonly [number, number]>(
  [
    ['or', [1, 1]],
    ['and', [2, 2]],
    ...['<', '>', '<=', '>=', '~=', '=='].map((each) => [each, [3, 3]] as [string, [number, number]]),
    ['..', [5, 4]],
    ['+', [6, 6]],
    ['-', [6, 6]],
    ['*', [7, 7]],
    ['/', [7, 7]],
    ['%', [7, 7]],
    ['^', [10, 9]],
  ],
);
const unaryBinding = 8;

const unary: ReadonlyMap<string, 'not' | 'minus' | 'length'> = new Map([
  ['not', 'not'],
  ['-', 'minus'],
  ['#', 'length'],
]);

/** A chain of one operator nests as deep as it is long, and is evaluated by recursion. */
const longestChain = 150;

export function parseExpressions(parser: Parser): Expression[] {
  const result = [parseExpression(parser)];
  while (parser.accept(',')) result.push(parseExpression(parser));
  return result;
}

export const parseExpression = (parser: Parser, limit = 0): Expression => parser.nested(() => climb(parser, limit));

function climb(parser: Parser, limit: number): Expression {
  const prefix = unary.get(parser.current().type);
  let left: Expression;
  if (prefix) {
    const { line } = parser.advance();
    left = { type: prefix, operand: parseExpression(parser, unaryBinding), line };
  } else left = simple(parser);
  for (let length = 0; ; length += 1) {
    const { type: operator, line } = parser.current();
    const power = binding.get(operator);
    if (!power || power[0] <= limit) return left;
    if (length > longestChain) throw parser.fail('chunk has too many syntax levels');
    parser.advance();
    left = combine(operator, left, parseExpression(parser, power[1]), line);
  }
}

function combine(operator: string, left: Expression, right: Expression, line: number): Expression {
  if (operator === 'and' || operator === 'or') return { type: operator, left, right };
  if (operator === '..') {
    return { type: 'concat', parts: right.type === 'concat' ? [left, ...right.parts] : [left, right], line };
  }
  return { type: 'binary', operator: operator as BinaryOperator, left, right, line };
}

const constants: ReadonlyMap<string, undefined | boolean> = new Map<string, undefined | boolean>([
  ['nil', undefined],
  ['true', true],
  ['false', false],
]);

function simple(parser: Parser): Expression {
  const token = parser.current();
  if (constants.has(token.type)) {
    parser.advance();
    return { type: 'constant', value: constants.get(token.type) };
  }
  switch (token.type) {
    case 'number':
      parser.advance();
      return { type: 'constant', value: token.number! };
    case 'string':
      parser.advance();
      return { type: 'constant', value: token.text };
    case '...':
      if (!parser.scope().vararg) throw parser.fail("cannot use '...' outside a vararg function");
      parser.advance();
      return { type: 'vararg' };
    case '{':
      return table(parser);
    case 'function':
      parser.advance();
      return { type: 'function', body: parser.functionBody(token, false) };
    default:
      return parseSuffixed(parser);
  }
}

export function variable(parser: Parser, name: string): Variable {
  return resolve(parser.scope(), name) ?? { type: 'global', name };
}

function primary(parser: Parser): Expression {
  const token = parser.current();
  if (token.type === 'name') return variable(parser, parser.advance().text);
  if (token.type !== '(') throw parser.fail('syntax error: unexpected symbol');
  parser.advance();
  const inner = parseExpression(parser);
  parser.expect(')', token);
  return { type: 'parentheses', inner };
}

/** A name or something in parentheses, with the fields, indices and calls that follow. */
export function parseSuffixed(parser: Parser): Expression {
  let result = primary(parser);
  for (let length = 0; ; length += 1) {
    if (length > longestChain) throw parser.fail('chunk has too many syntax levels');
    const token = parser.current();
    if (token.type === '.') {
      parser.advance();
      const key: Expression = { type: 'constant', value: parser.expect('name').text };
      result = { type: 'index', object: result, key, line: token.line };
    } else if (token.type === '[') {
      parser.advance();
      const key = parseExpression(parser);
      parser.expect(']', token);
      result = { type: 'index', object: result, key, line: token.line };
    } else if (token.type === ':') {
      parser.advance();
      const name = parser.expect('name').text;
      result = { type: 'method', object: result, name, args: args(parser), line: token.line };
    } else if (token.type === '(' || token.type === 'string' || token.type === '{') {
      if (token.type === '(' && token.line !== parser.lastLine()) {
        throw parser.fail('ambiguous syntax (function call x new statement)');
      }
      result = { type: 'call', callee: result, args: args(parser), line: token.line } satisfies Call;
    } else return result;
  }
}

function args(parser: Parser): Expression[] {
  const token = parser.current();
  if (token.type === 'string') return [{ type: 'constant', value: parser.advance().text }];
  if (token.type === '{') return [table(parser)];
  parser.expect('(');
  if (parser.accept(')')) return [];
  const result = parseExpressions(parser);
  parser.expect(')', token);
  return result;
}

function table(parser: Parser): Expression {
  const opening = parser.expect('{');
  const fields: Field[] = [];
  while (parser.current().type !== '}') {
    fields.push(field(parser));
    if (!parser.accept(',') && !parser.accept(';')) break;
  }
  parser.expect('}', opening);
  return { type: 'table', fields, line: opening.line };
}

function field(parser: Parser): Field {
  const token = parser.current();
  if (token.type === 'name' && parser.peek().type === '=') {
    parser.advance();
    parser.advance();
    return { key: { type: 'constant', value: token.text }, value: parseExpression(parser) };
  }
  if (token.type !== '[') return { value: parseExpression(parser) };
  parser.advance();
  const key = parseExpression(parser);
  parser.expect(']', token);
  parser.expect('=');
  return { key, value: parseExpression(parser) };
}
