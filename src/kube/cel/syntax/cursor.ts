/** Where the parser is among the tokens, how deep, and how it gives up: in the words of the parser cel-go has. */
import type { Token } from './lexer.ts';
import type { Problem } from './source.ts';

/** cel-go's limit on how deep each rule of the grammar may nest. */
const deepestRule = 250;

/** Thrown where no more can be read. */
export class SyntaxProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

export interface Cursor {
  readonly peek: (ahead?: number) => Token;
  readonly next: () => Token;
  /** Whether a symbol comes next; it is taken then. */
  readonly take: (symbol: string) => Token | undefined;
  /** The symbol, or what stands for it once it was said to be missing. */
  readonly expect: (symbol: string, wanted?: string) => Token;
  readonly fail: (wanted: string) => never;
  /** A token too many is named and left out. */
  readonly skip: (wanted: string) => void;
  /** What was read from a token on could be nothing. */
  readonly noAlternative: (from: Token) => never;
  /** One deeper in a rule, until `leave`. */
  readonly enter: (rule: Rule) => void;
  readonly leave: (rule: Rule) => void;
  /** What follows may be ended by these symbols, until `close`. */
  readonly open: (symbols: readonly string[]) => void;
  readonly close: () => void;
}

/** Rules of the grammar that may be deeper than expressions are in one another. */
type Rule = 'expr' | 'relation' | 'calc';

const operators: ReadonlySet<string> = new Set([
  '.',
  '[',
  '?',
  '==',
  '!=',
  '<',
  '<=',
  '>=',
  '>',
  'in',
  '&&',
  '||',
  '+',
  '-',
  '*',
  '/',
  '%',
]);
const starts: ReadonlySet<string> = new Set(['[', '{', '(', '.', '-', '!', 'true', 'false', 'null']);

/** Whether an expression can begin with a token. */
export const startsExpression = ({ kind, text }: Token): boolean =>
  kind === 'symbol' ? starts.has(text) : kind !== 'end' && kind !== 'escaped';

export function cursorOf(text: string, tokens: readonly Token[], problems: Problem[]): Cursor {
  let at = 0;
  const depths: Record<Rule, number> = { expr: 0, relation: 0, calc: 0 };
  const ends: (readonly string[])[] = [];
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)]!;
  const next = (): Token => {
    const token = peek();
    at++;
    return token;
  };
  const is = (token: Token, symbol: string) => token.kind === 'symbol' && token.text === symbol;
  const take = (symbol: string) => (is(peek(), symbol) ? next() : undefined);
  const report = (text: string) => problems.push({ offset: peek().offset, message: `Syntax error: ${text}` });
  const give = (text: string): never => {
    throw new SyntaxProblem({ offset: peek().offset, message: `Syntax error: ${text}` });
  };
  const skip = (wanted: string) => {
    report(`extraneous input '${peek().text}' expecting ${wanted}`);
    at++;
  };
  const fail = (wanted: string): never => give(`mismatched input '${peek().text}' expecting ${wanted}`);
  /** Whether a token can follow a symbol that was left out: then saying so is enough to go on. */
  const canFollow = (symbol: string, token: Token): boolean => {
    if (symbol === ':') return startsExpression(token);
    if (token.kind === 'end') return ends.length === 0;
    return token.kind === 'symbol' && (operators.has(token.text) || ends.at(-1)?.includes(token.text) === true);
  };
  const expect = (symbol: string, wanted = `'${symbol}'`): Token => {
    const found = take(symbol);
    if (found) return found;
    if (is(peek(1), symbol)) {
      skip(wanted);
      return next();
    }
    if (wanted !== `'${symbol}'` || !canFollow(symbol, peek())) return fail(wanted);
    report(`missing ${wanted} at '${peek().text}'`);
    return { ...peek(), kind: 'symbol', text: symbol };
  };
  return {
    peek,
    next,
    take,
    expect,
    fail,
    skip,
    noAlternative: (from) => {
      const last = peek();
      if (['true', 'false', 'null'].includes(last.text) && last.start === from.start + 1) return fail('IDENTIFIER');
      const end = last.kind === 'end' ? text.length : last.start + last.text.length;
      return give(`no viable alternative at input '${text.slice(from.start, end)}'`);
    },
    enter: (rule) => {
      if (++depths[rule] > deepestRule)
        throw new SyntaxProblem({ offset: -1, message: `expression recursion limit exceeded: ${deepestRule}` });
    },
    leave: (rule) => {
      depths[rule]--;
    },
    open: (symbols) => {
      ends.push(symbols);
    },
    close: () => {
      ends.pop();
    },
  };
}
