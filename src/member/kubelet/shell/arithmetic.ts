/** `$((…))`: whole numbers, the operators of C that scripts use. Pure. */
import { ShellSyntaxError } from './tree.ts';

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  '||': (left, right) => Number(left !== 0 || right !== 0),
  '&&': (left, right) => Number(left !== 0 && right !== 0),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => divided(left, right),
  '%': (left, right) => left - right * divided(left, right),
};

function divided(left: number, right: number): number {
  if (right === 0) throw new ShellSyntaxError('divide by zero');
  return Math.trunc(left / right);
}

const tokenText = /\s*(\d+|[A-Za-z_]\w*|\|\||&&|[=!<>]=|[-+*/%<>()!])/y;
const mostTokens = 1_000;

/** Throws ShellSyntaxError. A name without a number counts as 0. */
export function evaluate(text: string, lookUp: (name: string) => string | undefined): number {
  const tokens: string[] = [];
  tokenText.lastIndex = 0;
  while (tokenText.lastIndex < text.trimEnd().length) {
    const match = tokenText.exec(text);
    if (!match || tokens.length > mostTokens) throw new ShellSyntaxError('arithmetic syntax error');
    tokens.push(match[1]!);
  }
  let at = 0;
  const primary = (): number => {
    const token = tokens[at++];
    if (token === '-') return -primary();
    if (token === '+') return primary();
    if (token === '!') return Number(primary() === 0);
    if (token === '(') {
      const value = level(0);
      if (tokens[at++] !== ')') throw new ShellSyntaxError('arithmetic syntax error');
      return value;
    }
    if (token === undefined || !/^\w/.test(token)) throw new ShellSyntaxError('arithmetic syntax error');
    return /^\d/.test(token) ? Number(token) : Math.trunc(Number(lookUp(token) ?? '0')) || 0;
  };
  const level = (depth: number): number => {
    const known = levels[depth];
    if (!known) return primary();
    let left = level(depth + 1);
    while (at < tokens.length && known.includes(tokens[at]!)) left = operations[tokens[at++]!]!(left, level(depth + 1));
    return left;
  };
  if (tokens.length === 0) return 0;
  const value = level(0);
  if (at < tokens.length) throw new ShellSyntaxError('arithmetic syntax error');
  return value;
}
