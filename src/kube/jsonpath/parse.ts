/** The grammar of kubectl's JSONPath templates: text, `{.path}`, `{range .list[*]}…{end}`. Errors are SyntaxErrors. */

export type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | {
      readonly type: 'slice';
      readonly from?: number;
      readonly to?: number;
      readonly step?: number;
      readonly single: boolean;
    }
  | { readonly type: 'union'; readonly paths: readonly Path[] }
  | { readonly type: 'filter'; readonly left: Path; readonly operator: string; readonly right: Path }
  /** A quoted text, a number or a boolean: it stands for itself, whatever came before. */
  | { readonly type: 'value'; readonly value: string | number | boolean };

export type Path = readonly Step[];

export type Section =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly path: Path }
  | { readonly type: 'range'; readonly path: Path; readonly body: readonly Section[] };

interface Action {
  readonly keyword?: 'range' | 'end';
  readonly path: Path;
}

/** A whole template; a range that is not ended lasts to the end. */
export function parseTemplate(text: string): readonly Section[] {
  const root: Section[] = [];
  const open: Section[][] = [root];
  let at = 0;
  while (at < text.length) {
    const brace = text.indexOf('{', at);
    const plain = text.slice(at, brace < 0 ? undefined : brace);
    if (plain !== '') open.at(-1)!.push({ type: 'text', text: plain });
    if (brace < 0) break;
    const reader = readerOf(text, brace + 1);
    const { keyword, path } = readAction(reader);
    at = reader.at;
    if (keyword === 'end') {
      if (open.length === 1) throw new SyntaxError('not in range, nothing to end');
      open.pop();
    } else if (keyword === 'range') {
      const body: Section[] = [];
      open.at(-1)!.push({ type: 'range', path, body });
      open.push(body);
    } else open.at(-1)!.push({ type: 'path', path });
  }
  return root;
}

/** One path, with or without its braces and its first dot. */
export function parsePath(text: string): Path {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1] ?? text;
  const dotted = inner === '' || /^[.[$@'"{]/.test(inner) ? inner : `.${inner}`;
  const reader = readerOf(`${dotted}}`, 0);
  const { keyword, path } = readAction(reader);
  if (keyword || reader.at <= dotted.length)
    throw new SyntaxError(`unexpected path string, expected one path: ${text}`);
  return path;
}

interface Reader {
  readonly text: string;
  at: number;
}

const readerOf = (text: string, at: number): Reader => ({ text, at });
const ahead = (reader: Reader, prefix: string) => reader.text.startsWith(prefix, reader.at);

const isTerminator = (letter: string | undefined) => letter === undefined || ' \t\r\n.,[]$@{}'.includes(letter);

/** Reads up to and with the closing brace. */
function readAction(reader: Reader): Action {
  const steps: Step[] = [];
  let keyword: Action['keyword'];
  while (true) {
    const letter = reader.text[reader.at];
    if (letter === undefined || letter === '\r' || letter === '\n') throw new SyntaxError('unclosed action');
    if (letter === '}') {
      reader.at++;
      return { keyword, path: steps };
    }
    if (letter === ' ' || letter === '@' || letter === '$') reader.at++;
    else if (ahead(reader, '[?(')) steps.push(readFilter(reader));
    else if (ahead(reader, '..')) readRecursive(reader, steps);
    else if (letter === '[') steps.push(...readBrackets(reader));
    else if (letter === '"' || letter === "'") steps.push({ type: 'value', value: readQuoted(reader, letter) });
    else if (letter === '.') {
      reader.at++;
      steps.push(readField(reader));
    } else if (/[-+0-9]/.test(letter)) steps.push({ type: 'value', value: readNumber(reader) });
    else if (/[\p{L}\p{N}_]/u.test(letter)) {
      const word = readWord(reader);
      if (word === 'true' || word === 'false') steps.push({ type: 'value', value: word === 'true' });
      else if (word === 'range' || word === 'end') keyword = word;
      else throw new SyntaxError(`unrecognized identifier ${word}`);
    } else {
      const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      throw new SyntaxError(`unrecognized character in action: U+${code} '${letter}'`);
    }
  }
}

function readWord(reader: Reader): string {
  const start = reader.at;
  while (!isTerminator(reader.text[reader.at])) reader.at++;
  return reader.text.slice(start, reader.at);
}

/** A backslash takes away the meaning of the next letter: `.a\.b`. */
function readField(reader: Reader): Step {
  let name = '';
  while (!isTerminator(reader.text[reader.at])) {
    if (reader.text[reader.at] === '\\') reader.at++;
    name += reader.text[reader.at++] ?? '';
  }
  return name === '*' ? { type: 'wildcard' } : { type: 'field', name };
}

function readRecursive(reader: Reader, steps: Step[]): void {
  if (steps.at(-1)?.type === 'recursive') throw new SyntaxError('invalid multiple recursive descent');
  reader.at += 2;
  steps.push({ type: 'recursive' });
  if (/[\p{L}\p{N}_]/u.test(reader.text[reader.at] ?? '')) steps.push(readField(reader));
}

function readNumber(reader: Reader): number {
  const text = /^[-+]?[0-9.]*/.exec(reader.text.slice(reader.at))![0];
  reader.at += text.length;
  const value = Number(text);
  if (text === '' || Number.isNaN(value) || /^[-+]?\.?$/.test(text))
    throw new SyntaxError(`cannot parse number ${text}`);
  return value;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

function readQuoted(reader: Reader, quote: string): string {
  let end = reader.at + 1;
  while (reader.text[end] !== quote || reader.text[end - 1] === '\\') {
    if (end >= reader.text.length || reader.text[end] === '\n') throw new SyntaxError('unterminated quoted string');
    end++;
  }
  const quoted = reader.text.slice(reader.at + 1, end);
  reader.at = end + 1;
  return quoted.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (_, code: string) =>
    code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
  );
}

/** `[0]`, `[1:3]`, `[*]`, `['a']`, and unions of them. */
function readBrackets(reader: Reader): readonly Step[] {
  const end = reader.text.indexOf(']', reader.at);
  const line = reader.text.indexOf('\n', reader.at);
  if (end < 0 || (line >= 0 && line < end)) throw new SyntaxError('unterminated array');
  const text = reader.text.slice(reader.at + 1, end);
  reader.at = end + 1;
  const parts = text.split(',');
  if (parts.length === 1) return readIndex(text);
  return [{ type: 'union', paths: parts.map((part) => readIndex(part.replace(/^ +| +$/g, ''))) }];
}

function readIndex(text: string): readonly Step[] {
  if (text === '*') return [{ type: 'slice', single: false }];
  const key = /^'([^']*)'$/.exec(text);
  if (key) return readAction(readerOf(`.${key[1]}}`, 0)).path;
  const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (!slice) throw new SyntaxError(`invalid array index ${text}`);
  const [from, to, step] = [slice[1], slice[2]?.slice(1), slice[3]?.slice(1)].map((part) => {
    if (part === '-') throw new SyntaxError(`array index ${part} is not a number`);
    return part === undefined || part === '' ? undefined : Number(part);
  });
  return [{ type: 'slice', from, to, step, single: slice[2] === undefined }];
}

/** `[?(@.a == "b")]`: quotes may hold a closing parenthesis. */
function readFilter(reader: Reader): Step {
  const start = reader.at + 3;
  let at = start;
  let quote = '';
  while (reader.text[at] !== ')' || quote !== '') {
    const letter = reader.text[at];
    if (letter === undefined || letter === '\n') throw new SyntaxError('unterminated filter');
    if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote && reader.text[at - 1] !== '\\') quote = '';
    at++;
  }
  if (reader.text[at + 1] !== ']') throw new SyntaxError('unclosed array expect ]');
  reader.at = at + 2;
  const text = reader.text.slice(start, at);
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)(.+)$/.exec(text) ?? [];
  const path = (part: string) => readAction(readerOf(`${part}}`, 0)).path;
  if (left === undefined) return { type: 'filter', left: path(text), operator: 'exists', right: [] };
  return { type: 'filter', left: path(left), operator: operator!, right: path(right!) };
}
