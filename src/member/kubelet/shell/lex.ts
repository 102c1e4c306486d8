/** A shell script cut into words and operators. Pure. */
import { ShellSyntaxError, type Word, type WordPart } from './tree.ts';

export type Token =
  | {
      readonly kind: 'word';
      readonly word: Word /** As written, where nothing in it was quoted. */;
      readonly plain?: string;
    }
  | {
      readonly kind: 'operator';
      readonly text: string /** In front of a redirection. */;
      readonly descriptor?: number;
    };

const operators = ['&&', '||', ';;', '<<', '>>', '>&', '<&', '>|', '<>', '|', '&', ';', '<', '>', '(', ')', '\n'];
const nameStart = /[A-Za-z_]/;
const nameRest = /[A-Za-z0-9_]/;
const special = /[?$#@*!0-9-]/;

/** Throws ShellSyntaxError. */
export function lex(script: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < script.length) {
    const char = script[at]!;
    if (char === ' ' || char === '\t' || char === '\r') at++;
    else if (char === '\\' && script[at + 1] === '\n') at += 2;
    else if (char === '#') {
      while (at < script.length && script[at] !== '\n') at++;
    } else {
      const operator = operatorAt(script, at);
      if (operator) {
        tokens.push(operator.token);
        at = operator.end;
      } else {
        const { word, end } = readWord(script, at);
        const [only] = word;
        const plain = word.length === 1 && only?.kind === 'text' && !only.quoted ? only.text : undefined;
        tokens.push({ kind: 'word', word, ...(plain === undefined ? {} : { plain }) });
        at = end;
      }
    }
  }
  return tokens;
}

function operatorAt(script: string, at: number): { readonly token: Token; readonly end: number } | undefined {
  const digit = /[0-9]/.test(script[at]!) && (script[at + 1] === '<' || script[at + 1] === '>');
  const start = digit ? at + 1 : at;
  const text = operators.find((each) => script.startsWith(each, start));
  if (text === undefined) return undefined;
  const descriptor = digit ? Number(script[at]) : undefined;
  return {
    token: { kind: 'operator', text, ...(descriptor === undefined ? {} : { descriptor }) },
    end: start + text.length,
  };
}

const endsWord = (char: string) => /[\s;&|<>()]/.test(char);

/** `stop` ends it too: a brace inside `${…}`. */
function readWord(script: string, start: number, stop?: string): { readonly word: Word; readonly end: number } {
  const parts: WordPart[] = [];
  let text = '';
  let at = start;
  const flush = () => {
    if (text !== '') parts.push({ kind: 'text', text, quoted: false });
    text = '';
  };
  while (at < script.length) {
    const char = script[at]!;
    if (stop === undefined ? endsWord(char) : char === stop) break;
    if (char === '\\') {
      flush();
      if (script[at + 1] !== '\n') parts.push({ kind: 'text', text: script[at + 1] ?? '', quoted: true });
      at += 2;
    } else if (char === "'") {
      flush();
      const end = script.indexOf("'", at + 1);
      if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
      parts.push({ kind: 'text', text: script.slice(at + 1, end), quoted: true });
      at = end + 1;
    } else if (char === '"') {
      flush();
      at = readQuoted(script, at + 1, parts);
    } else if (char === '$' || char === '`') {
      flush();
      at = readExpansion(script, at, false, parts);
    } else {
      text += char;
      at++;
    }
  }
  flush();
  return { word: parts, end: at };
}

function readQuoted(script: string, start: number, parts: WordPart[]): number {
  let text = '';
  let at = start;
  const flush = () => {
    parts.push({ kind: 'text', text, quoted: true });
    text = '';
  };
  while (at < script.length) {
    const char = script[at]!;
    if (char === '"') {
      flush();
      return at + 1;
    }
    if (char === '\\' && /[$`"\\\n]/.test(script[at + 1] ?? '')) {
      if (script[at + 1] !== '\n') text += script[at + 1];
      at += 2;
    } else if (char === '$' || char === '`') {
      flush();
      at = readExpansion(script, at, true, parts);
    } else {
      text += char;
      at++;
    }
  }
  throw new ShellSyntaxError('syntax error: unterminated quoted string', true);
}

/** Begins at `$` or a backquote; answers where it ends. */
function readExpansion(script: string, start: number, quoted: boolean, parts: WordPart[]): number {
  if (script[start] === '`') {
    const end = script.indexOf('`', start + 1);
    if (end < 0) throw new ShellSyntaxError('syntax error: EOF in backquote substitution', true);
    parts.push({ kind: 'command', script: script.slice(start + 1, end), quoted });
    return end + 1;
  }
  const next = script[start + 1] ?? '';
  if (next === '(') {
    const arithmetic = script.startsWith('((', start + 1);
    const end = closing(script, start + 1);
    if (arithmetic && script[end - 2] === ')')
      parts.push({ kind: 'arithmetic', text: script.slice(start + 3, end - 2), quoted });
    else parts.push({ kind: 'command', script: script.slice(start + 2, end - 1), quoted });
    return end;
  }
  if (next === '{') return readBraced(script, start + 2, quoted, parts);
  if (special.test(next)) {
    parts.push({ kind: 'variable', name: next, quoted });
    return start + 2;
  }
  let end = start + 1;
  if (nameStart.test(next)) while (nameRest.test(script[end] ?? '')) end++;
  if (end === start + 1) parts.push({ kind: 'text', text: '$', quoted });
  else parts.push({ kind: 'variable', name: script.slice(start + 1, end), quoted });
  return end;
}

/** Behind the parenthesis that closes the one at `open`; quotes inside hide others. */
function closing(script: string, open: number): number {
  let depth = 0;
  for (let at = open; at < script.length; at++) {
    const char = script[at]!;
    if (char === '\\') at++;
    else if (char === "'") at = script.indexOf("'", at + 1);
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at + 1;
    if (at < open) break;
  }
  throw new ShellSyntaxError('syntax error: unterminated command substitution', true);
}

const operatorText = /^(:[-=+?]|##?|%%?|[-=+?])/;

function readBraced(script: string, start: number, quoted: boolean, parts: WordPart[]): number {
  const isLength = script[start] === '#' && script[start + 1] !== '}';
  let at = isLength ? start + 1 : start;
  const begin = at;
  if (special.test(script[at] ?? '')) at++;
  else while (nameRest.test(script[at] ?? '')) at++;
  const name = script.slice(begin, at);
  if (name === '') throw new ShellSyntaxError('syntax error: bad substitution');
  const operator = operatorText.exec(script.slice(at, at + 2))?.[0];
  if (operator && !isLength) {
    const { word, end } = readWord(script, at + operator.length, '}');
    if (script[end] !== '}') throw new ShellSyntaxError('syntax error: missing }', true);
    parts.push({ kind: 'variable', name, quoted, operator, argument: word });
    return end + 1;
  }
  if (script[at] !== '}') throw new ShellSyntaxError('syntax error: bad substitution', at >= script.length);
  parts.push({ kind: 'variable', name, quoted, ...(isLength ? { operator: 'length' } : {}) });
  return at + 1;
}
