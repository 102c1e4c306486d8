/** The grammar of label selectors: `a=b,c in (d,e),!f`; what it refuses is said as kube-apiserver says it. */
import { qualifiedName } from '../names/validate.ts';
import { badRequest } from '../status/errors.ts';
import { type LabelOperator, type LabelRequirement, requirementError } from './requirement.ts';

interface Token {
  /** `identifier`, `end`, `error`, or the symbol or word itself. */
  readonly type: string;
  readonly text: string;
}

const symbols = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);
const words = new Set(['in', 'notin']);
const special = /[=!(),><]/;
const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);
const operatorNames = 'in, notin, =, ==, !=, gt, lt';

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (true) {
    while (at < text.length && /[ \t\r\n]/.test(text[at]!)) at++;
    if (at >= text.length) break;
    const start = at;
    if (special.test(text[at]!)) {
      const pair = text.slice(at, at + 2);
      const symbol = symbols.has(pair) ? pair : text[at]!;
      at += symbol.length;
      tokens.push({ type: symbol, text: symbol });
    } else {
      while (at < text.length && !special.test(text[at]!) && !/[ \t\r\n]/.test(text[at]!)) at++;
      const word = text.slice(start, at);
      tokens.push({ type: words.has(word) ? word : 'identifier', text: word });
    }
  }
  tokens.push({ type: 'end', text: '' });
  return tokens;
}

/** Where reading stands; at the end it stays on the `end` token. */
interface Reader {
  readonly peek: () => Token;
  readonly next: () => Token;
}

function readerOf(tokens: readonly Token[]): Reader {
  const last = tokens.at(-1)!;
  let at = 0;
  return { peek: () => tokens[at] ?? last, next: () => tokens[at++] ?? last };
}

/** Where a value may stand, `in` and `notin` are ordinary words. */
const isIdentifier = (token: Token) => token.type === 'identifier' || words.has(token.type);
const beginsRequirement = (token: Token) => isIdentifier(token) || token.type === '!';
const unreadable = (why: string) => badRequest(`unable to parse requirement: ${why}`);

/** The requirements in the order of the text. Throws BadRequest. */
export function readRequirements(text: string): LabelRequirement[] {
  const reader = readerOf(tokenize(text));
  const requirements: LabelRequirement[] = [];
  while (reader.peek().type !== 'end') {
    const first = reader.peek();
    if (!beginsRequirement(first)) {
      throw badRequest(`found '${first.text}', expected: !, identifier, or 'end of string'`);
    }
    const requirement = readRequirement(reader);
    const error = requirementError(requirement);
    if (error) throw unreadable(error);
    requirements.push(requirement);
    const after = reader.next();
    if (after.type === 'end') break;
    if (after.type !== ',') throw badRequest(`found '${after.text}', expected: ',' or 'end of string'`);
    const following = reader.peek();
    if (!beginsRequirement(following)) throw badRequest(`found '${following.text}', expected: identifier after ','`);
  }
  return requirements;
}

function readRequirement(reader: Reader): LabelRequirement {
  const { key, absent } = readKey(reader);
  if (absent) return { key, operator: '!', values: [] };
  if (reader.peek().type === 'end' || reader.peek().type === ',') return { key, operator: 'exists', values: [] };
  const token = reader.next();
  const operator = operators.get(token.type);
  if (!operator) throw unreadable(`found '${token.text}', expected: ${operatorNames}`);
  return { key, operator, values: operator === 'in' || operator === 'notin' ? readSet(reader) : readExact(reader) };
}

function readKey(reader: Reader): { readonly key: string; readonly absent: boolean } {
  let token = reader.next();
  const absent = token.type === '!';
  if (absent) token = reader.next();
  if (!isIdentifier(token)) throw unreadable(`found '${token.text}', expected: identifier`);
  const errors = qualifiedName(token.text);
  if (errors.length > 0) {
    throw unreadable(`<nil>: Invalid value: ${JSON.stringify(token.text)}: ${errors.join('; ')}`);
  }
  return { key: token.text, absent };
}

/** `(a,b)`; an empty place before, between or after commas is the empty value. */
function readSet(reader: Reader): string[] {
  const open = reader.next();
  if (open.type !== '(') throw unreadable(`found '${open.text}' expected: '('`);
  const values = new Set<string>();
  let expectsValue = true;
  while (true) {
    const token = reader.next();
    if (isIdentifier(token) && expectsValue) {
      values.add(token.text);
      expectsValue = false;
    } else if (token.type === ',') {
      if (expectsValue) values.add('');
      expectsValue = true;
    } else if (token.type === ')') {
      if (expectsValue) values.add('');
      return [...values].sort();
    } else {
      const expected = !expectsValue ? "',' or ')'" : values.size > 0 ? "',', or identifier" : "',', ')' or identifier";
      throw unreadable(`found '${token.text}', expected: ${expected}`);
    }
  }
}

function readExact(reader: Reader): string[] {
  if (reader.peek().type === 'end' || reader.peek().type === ',') return [''];
  const token = reader.next();
  if (!isIdentifier(token)) throw unreadable(`found '${token.text}', expected: identifier`);
  return [token.text];
}
