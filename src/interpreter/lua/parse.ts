/** A script's text as a tree; statements, and what both parsers stand on. */
import type { Block, Clause, Expression, FunctionBody, Local, Statement, Variable } from './ast.ts';
import type { Token } from './lex.ts';
import { type Parser, parseExpression, parseExpressions, parseSuffixed, variable } from './parse-expression.ts';
import { declare, newScope, type Scope } from './scope.ts';
import { newWords, type Words } from './words.ts';

interface StatementParser extends Parser {
  readonly block: () => Block;
  /** A name that holds from here to the end of the block. */
  readonly declare: (name: string) => Local;
  /** Loops around this place, in this function. */
  readonly loop: <T>(parse: () => T) => T;
  readonly loops: () => number;
}

/** @throws LuaSyntaxError with the line */
export function parse(source: string, chunk: string): FunctionBody {
  const parser = statementParser(source, chunk);
  return parser.main();
}

function statementParser(source: string, chunk: string): StatementParser & { main: () => FunctionBody } {
  const words = newWords(source, chunk);
  let scope: Scope = newScope(undefined, true);
  let loops = 0;

  const block = () =>
    words.nested(() => {
      const outside = scope.active.length;
      const result = readBlock(parser);
      scope.active.length = outside;
      return result;
    });
  const declareHere = (name: string) => {
    const local = declare(scope, name);
    if (!local) throw words.fail('too many local variables in a function');
    return local;
  };
  const within = (vararg: boolean, names: readonly string[], end: () => void): FunctionBody => {
    const [outer, outerLoops] = [scope, loops];
    scope = newScope(outer, vararg);
    loops = 0;
    const parameters = names.map(declareHere);
    const body = block();
    end();
    const { upvalues, slots } = scope;
    [scope, loops] = [outer, outerLoops];
    return { parameters, vararg, upvalues, slots, block: body };
  };
  const parser = {
    ...words,
    scope: () => scope,
    block,
    declare: declareHere,
    loops: () => loops,
    loop: <T>(read: () => T) => {
      loops += 1;
      const result = read();
      loops -= 1;
      return result;
    },
    functionBody: (opening: Token, self: boolean) => {
      const { names, vararg } = parameterList(words, self);
      return within(vararg, names, () => words.expect('end', opening));
    },
    main: () => within(true, [], () => words.expect('end of file')),
  };
  return parser;
}

function parameterList(parser: Words, self: boolean): { names: string[]; vararg: boolean } {
  const names = self ? ['self'] : [];
  let vararg = false;
  parser.expect('(');
  if (parser.current().type !== ')') {
    do {
      vararg = parser.accept('...');
      if (!vararg) names.push(parser.expect('name').text);
    } while (!vararg && parser.accept(','));
  }
  parser.expect(')');
  return { names, vararg };
}

const blockEnds = new Set(['end', 'else', 'elseif', 'until', 'end of file']);

function readBlock(parser: StatementParser): Block {
  const { line } = parser.current();
  const statements: Statement[] = [];
  while (!blockEnds.has(parser.current().type)) {
    const statement = readStatement(parser);
    statements.push(statement);
    parser.accept(';');
    // Nothing may follow: what follows could not be reached.
    if (statement.type === 'return' || statement.type === 'break') break;
  }
  return { line, statements };
}

function readStatement(parser: StatementParser): Statement {
  const token = parser.current();
  switch (token.type) {
    case 'if':
      return readIf(parser);
    case 'while': {
      parser.advance();
      const condition = parseExpression(parser);
      return { type: 'while', condition, block: readLoop(parser, token) };
    }
    case 'do': {
      parser.advance();
      const block = parser.block();
      parser.expect('end', token);
      return { type: 'do', block };
    }
    case 'for':
      return readFor(parser);
    case 'repeat':
      return readRepeat(parser);
    case 'function':
      return readFunction(parser);
    case 'local':
      return readLocal(parser);
    case 'return': {
      parser.advance();
      const empty = blockEnds.has(parser.current().type) || parser.current().type === ';';
      return { type: 'return', values: empty ? [] : parseExpressions(parser) };
    }
    case 'break':
      if (parser.loops() === 0) throw parser.fail('no loop to break');
      parser.advance();
      return { type: 'break' };
    default:
      return readSimple(parser);
  }
}

function readLoop(parser: StatementParser, opening: Token): Block {
  const start = parser.expect('do');
  const block = parser.loop(parser.block);
  parser.expect('end', opening.type === 'for' ? opening : start);
  return block;
}

function readIf(parser: StatementParser): Statement {
  const opening = parser.current();
  const clauses: Clause[] = [];
  do {
    parser.advance();
    const condition = parseExpression(parser);
    parser.expect('then');
    clauses.push({ condition, block: parser.block() });
  } while (parser.current().type === 'elseif');
  const otherwise = parser.accept('else') ? parser.block() : undefined;
  parser.expect('end', opening);
  return { type: 'if', clauses, otherwise };
}

/** The condition sees the locals of the body. */
function readRepeat(parser: StatementParser): Statement {
  const opening = parser.advance();
  const outside = parser.scope().active.length;
  const block = parser.nested(() => parser.loop(() => readBlock(parser)));
  parser.expect('until', opening);
  const condition = parseExpression(parser);
  parser.scope().active.length = outside;
  return { type: 'repeat', condition, block };
}

function readFor(parser: StatementParser): Statement {
  const opening = parser.advance();
  const outside = parser.scope().active.length;
  const names = [parser.expect('name').text];
  const { line } = opening;
  let statement: Statement;
  if (names.length === 1 && parser.accept('=')) {
    const from = parseExpression(parser);
    parser.expect(',');
    const to = parseExpression(parser);
    const step = parser.accept(',') ? parseExpression(parser) : undefined;
    const local = parser.declare(names[0]!);
    statement = { type: 'count', local, from, to, step, block: readLoop(parser, opening), line };
  } else {
    while (parser.accept(',')) names.push(parser.expect('name').text);
    parser.expect('in');
    const values = parseExpressions(parser);
    const locals = names.map(parser.declare);
    statement = { type: 'each', locals, values, block: readLoop(parser, opening), line };
  }
  parser.scope().active.length = outside;
  return statement;
}

/** `function a.b.c:d() … end`. */
function readFunction(parser: StatementParser): Statement {
  const opening = parser.advance();
  let target: Variable = variable(parser, parser.expect('name').text);
  let method = false;
  while (!method && (parser.current().type === '.' || parser.current().type === ':')) {
    const { type, line } = parser.advance();
    method = type === ':';
    const field = parser.expect('name').text;
    target = { type: 'index', object: target, key: { type: 'constant', value: field }, line };
  }
  const body = parser.functionBody(opening, method);
  return { type: 'assign', targets: [target], values: [{ type: 'function', body }] };
}

function readLocal(parser: StatementParser): Statement {
  parser.advance();
  if (parser.current().type === 'function') {
    const opening = parser.advance();
    const name = parser.expect('name').text;
    // Declared first: it may call itself.
    const local = parser.declare(name);
    return { type: 'local function', local, body: parser.functionBody(opening, false) };
  }
  const names: string[] = [];
  do names.push(parser.expect('name').text);
  while (parser.accept(','));
  const values = parser.accept('=') ? parseExpressions(parser) : [];
  return { type: 'declare', locals: names.map(parser.declare), values };
}

const assignable = (expression: Expression): expression is Variable =>
  expression.type === 'local' ||
  expression.type === 'upvalue' ||
  expression.type === 'global' ||
  expression.type === 'index';

/** A call or an assignment. */
function readSimple(parser: StatementParser): Statement {
  const first = parseSuffixed(parser);
  if (first.type === 'call' || first.type === 'method') return { type: 'evaluate', call: first };
  const targets: Variable[] = [];
  let target: Expression = first;
  for (;;) {
    if (!assignable(target)) throw parser.fail('syntax error: a call or an assignment expected');
    targets.push(target);
    if (!parser.accept(',')) break;
    target = parseSuffixed(parser);
  }
  parser.expect('=');
  return { type: 'assign', targets, values: parseExpressions(parser) };
}
