/** Lua's text cut into words. */
import { LuaSyntaxError } from './error.ts';
import { bytesOf, textOf } from './text.ts';
import { parseNumber } from './value.ts';

export interface Token {
  /** `name`, `number`, `string`, `end of file`, or the keyword or sign itself. */
  readonly type: string;
  /** The name, the string's bytes, or the text of anything else. */
  readonly text: string;
  readonly number?: number;
  readonly line: number;
  readonly column: number;
}

const keywords = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

const blank = /\s+|--(?!\[=*\[)[^\n]*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const numeral = /(?:0[xX][\da-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;
const longOpening = /\[(=*)\[\r?\n?/y;
const sign = /\.\.\.|\.\.|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.]/y;
const plainText = /[^\\"'\n\r]+/y;
const decimalEscape = /\d{1,3}/y;

const escapes: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }),
  ...['\\', '"', "'", '\n'].map((each) => [each, each] as const),
]);

const newline = 10;

/** Enough of a word to find it by. */
const longestShown = 60;

/** The error at a token, in the reference's form. */
export function syntaxError(chunk: string, at: Pick<Token, 'type' | 'text' | 'line' | 'column'>, why: string) {
  const shown = textOf(at.text.length > longestShown ? `${at.text.slice(0, longestShown)}...` : at.text);
  const near = at.type === 'end of file' ? 'at EOF' : `line:${at.line}(column:${at.column}) near '${shown}'`;
  return new LuaSyntaxError(chunk, at.line, `${chunk} ${near}:   ${why}`);
}

/** Gives the next word each time; the last is `end of file`, again and again. */
export function lexer(source: string, chunk: string): () => Token {
  const text = new Text(bytesOf(source), chunk);
  return () => {
    skip(text);
    return readToken(text);
  };
}

/** The text, and how far it has been read. */
class Text {
  readonly text: string;
  readonly chunk: string;
  at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string, chunk: string) {
    this.text = text;
    this.chunk = chunk;
  }

  /** Takes what the pattern finds here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found ?? undefined;
  }

  current(): string | undefined {
    return this.text[this.at];
  }

  place(start: number): { readonly line: number; readonly column: number } {
    return { line: this.#line, column: start - this.#lineStart + 1 };
  }

  fail(start: number, why: string): LuaSyntaxError {
    const text = this.text.slice(start, this.at + 1);
    return syntaxError(this.chunk, { type: 'text', text, ...this.place(start) }, why);
  }

  /** Lines that ended since `from`. */
  countLines(from: number): void {
    // Not by `indexOf`: in a text of one line it would look through all that follows, for each blank.
    for (let end = from; end < this.at; end += 1) {
      if (this.text.charCodeAt(end) !== newline) continue;
      this.#line += 1;
      this.#lineStart = end + 1;
    }
  }
}

/** Blanks and comments. */
function skip(text: Text): void {
  for (;;) {
    const start = text.at;
    if (text.match(blank)) text.countLines(start);
    else if (text.text.startsWith('--', start)) {
      text.at += 2;
      readLong(text);
    } else return;
  }
}

function readToken(text: Text): Token {
  const start = text.at;
  const here = text.place(start);
  const word = text.match(name);
  if (word) return { type: keywords.has(word[0]) ? word[0] : 'name', text: word[0], ...here };
  const digits = text.match(numeral);
  if (digits) {
    const number = /[\w.]/.test(text.current() ?? '') ? undefined : parseNumber(digits[0]);
    if (number === undefined) throw text.fail(start, 'malformed number');
    return { type: 'number', text: digits[0], number, ...here };
  }
  if (text.current() === '"' || text.current() === "'") return { type: 'string', text: readQuoted(text), ...here };
  const content = readLong(text);
  if (content !== undefined) return { type: 'string', text: content, ...here };
  if (text.current() === undefined) return { type: 'end of file', text: '', ...here };
  const found = text.match(sign);
  if (!found) throw text.fail(start, 'Invalid token');
  return { type: found[0], text: found[0], ...here };
}

/** `[[…]]`, `[==[…]==]`; undefined when none begins here. */
function readLong(text: Text): string | undefined {
  const start = text.at;
  const opening = text.match(longOpening);
  if (!opening) return undefined;
  const end = text.text.indexOf(`]${opening[1]}]`, text.at);
  if (end < 0) throw text.fail(start, 'unfinished long string or comment');
  const content = text.text.slice(text.at, end);
  text.at = end + opening[1]!.length + 2;
  text.countLines(start);
  return content.replaceAll('\r\n', '\n');
}

function readQuoted(text: Text): string {
  const [start, quote] = [text.at, text.current()];
  text.at += 1;
  let result = '';
  for (;;) {
    const character = text.current();
    if (character === undefined || character === '\n' || character === '\r')
      throw text.fail(start, 'unterminated string');
    if (character === quote) break;
    const plain = text.match(plainText);
    if (plain) result += plain[0];
    else {
      text.at += 1;
      result += character === '\\' ? readEscape(text, start) : character;
    }
  }
  text.at += 1;
  return result;
}

function readEscape(text: Text, start: number): string {
  const digits = text.match(decimalEscape);
  if (digits) {
    if (Number(digits[0]) > 255) throw text.fail(start, 'escape sequence too large');
    return String.fromCharCode(Number(digits[0]));
  }
  if (text.text.startsWith('\r\n', text.at)) text.at += 1;
  const meant = escapes.get(text.current() ?? '');
  if (meant === undefined) throw text.fail(start, 'Invalid escape sequence');
  text.at += 1;
  text.countLines(text.at - 1);
  return meant;
}
