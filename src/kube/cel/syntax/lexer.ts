/** Text to tokens. Where several kinds fit, the longest wins, then the first: as in cel-go's grammar. */
import type { Problem } from './source.ts';

export type TokenKind = 'end' | 'identifier' | 'escaped' | 'int' | 'uint' | 'float' | 'string' | 'bytes' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** In code points. */
  readonly offset: number;
  /** In the units of the text. */
  readonly start: number;
}

const number = {
  float: /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y,
  uint: /(?:\d+[uU]|0x[0-9a-fA-F]+[uU])/y,
  int: /(?:0x[0-9a-fA-F]+|\d+)/y,
};
const escapes = '\\\\(?:[abfnrtv"\'\\\\?`]|[0-3][0-7][0-7]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})';
const quoted = [
  `"""(?:${escapes}|[^\\\\])*?"""`,
  `'''(?:${escapes}|[^\\\\])*?'''`,
  `"(?:${escapes}|[^\\\\"\\n\\r])*"`,
  `'(?:${escapes}|[^\\\\'\\n\\r])*'`,
].join('|');
const raw = `[rR](?:"""[^]*?"""|'''[^]*?'''|"[^"\\n\\r]*"|'[^'\\n\\r]*')`;
const text = {
  string: new RegExp(`(?:${raw}|${quoted})`, 'yu'),
  bytes: new RegExp(`[bB](?:${raw}|${quoted})`, 'yu'),
};
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const escapedWord = /`[A-Za-z0-9_./ -]+`/y;
const space = /(?:[\t \r\n\f]+|\/\/[^\n]*)/y;
const symbol = /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y;

/** Words that are symbols of the grammar, not names. */
const wordSymbols: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function read(source: string, at: number): { kind: TokenKind; text: string } | undefined {
  const code = source.charCodeAt(at);
  // The longest: a string before the name its prefix would be, a double before an int.
  if (code === 34 || code === 39 || 'rRbB'.includes(source[at]!)) {
    for (const kind of ['string', 'bytes'] as const) {
      const found = match(text[kind], source, at);
      if (found !== undefined) return { kind, text: found };
    }
  }
  if ((code >= 48 && code <= 57) || code === 46) {
    for (const kind of ['float', 'uint', 'int'] as const) {
      const found = match(number[kind], source, at);
      if (found !== undefined) return { kind, text: found };
    }
  }
  const name = match(word, source, at);
  if (name !== undefined) return { kind: wordSymbols.has(name) ? 'symbol' : 'identifier', text: name };
  const escaped = match(escapedWord, source, at);
  if (escaped !== undefined) return { kind: 'escaped', text: escaped };
  const found = match(symbol, source, at);
  return found === undefined ? undefined : { kind: 'symbol', text: found };
}

/** All tokens, and what is none. */
export function tokens(source: string): { readonly tokens: readonly Token[]; readonly problems: readonly Problem[] } {
  const found: Token[] = [];
  const problems: Problem[] = [];
  let at = 0;
  let offset = 0;
  const advance = (length: number) => {
    // Code points: a surrogate pair counts once.
    for (const end = at + length; at < end; offset++) at += source.codePointAt(at)! > 0xffff ? 2 : 1;
  };
  while (at < source.length) {
    const blank = match(space, source, at);
    if (blank !== undefined) {
      advance(blank.length);
      continue;
    }
    const token = read(source, at);
    if (token) {
      found.push({ ...token, offset, start: at });
      advance(token.text.length);
      continue;
    }
    const bad = unrecognized(source, at);
    problems.push({ offset, message: `Syntax error: token recognition error at: '${bad}'` });
    advance(bad.length);
  }
  found.push({ kind: 'end', text: '<EOF>', offset, start: at });
  return { tokens: found, problems };
}

/** What the lexer gives up on at once: an open string with what it could not go on with, else one character. */
function unrecognized(source: string, at: number): string {
  const open = /(?:[rR]|[bB][rR]?)?(["'])/y;
  open.lastIndex = at;
  const start = open.exec(source);
  if (start?.[1]) {
    const body = new RegExp(`(?:${escapes}|[^\\\\\\n\\r${start[1]}])*`, 'yu');
    body.lastIndex = at + start[0].length;
    const end = body.lastIndex + body.exec(source)![0].length;
    const cut = /\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?/y;
    cut.lastIndex = end;
    const stuck = end + (cut.exec(source)?.[0].length ?? 0);
    return source.slice(at, Math.min(stuck + 1, source.length));
  }
  if (/^[&|=]$/.test(source[at]!) && at + 1 < source.length) return source.slice(at, at + 2);
  return String.fromCodePoint(source.codePointAt(at)!);
}
