/** Words of a script as a program gets them: variables and commands filled in, split, file names matched. */
import type { FileTree } from '../container/files.ts';
import { resolvePath } from '../container/files.ts';
import { evaluate } from './arithmetic.ts';
import { globMatcher, isGlob } from './glob.ts';
import { ShellSyntaxError, type Word, type WordPart } from './tree.ts';

export interface Expansion {
  readonly variable: (name: string) => string | undefined;
  readonly assign: (name: string, value: string) => void;
  /** `$@`: what the script was given. */
  readonly positional: () => readonly string[];
  /** What a command in its place prints. */
  readonly output: (script: string) => Promise<string>;
  readonly files: FileTree;
  readonly cwd: () => string;
}

/** A piece of an expanded word; only unquoted ones are split and matched. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** `"$@"`: a word of its own ends here. */
  readonly breaks?: boolean;
}

/** Of one word: a variable that doubles itself would else take all memory there is. */
const mostExpanded = 1024 * 1024;

/** As one text, for assignments and redirections. */
export async function expandText(word: Word, expansion: Expansion): Promise<string> {
  return (await piecesOf(word, expansion)).map(({ text, breaks }) => (breaks ? ' ' : text)).join('');
}

/** As any number of words. */
export async function expandWord(word: Word, expansion: Expansion): Promise<readonly string[]> {
  const [first, ...others] = word;
  const home =
    first?.kind === 'text' && !first.quoted && /^~(\/|$)/.test(first.text)
      ? [{ ...first, text: (expansion.variable('HOME') ?? '/root') + first.text.slice(1) }, ...others]
      : word;
  const pieces = await piecesOf(home, expansion);
  return fieldsOf(pieces).flatMap((field) => matched(field, expansion));
}

async function piecesOf(word: Word, expansion: Expansion): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  let size = 0;
  for (const part of word) {
    const found = await pieceOf(part, expansion);
    size += found.reduce((sum, { text }) => sum + text.length, 0);
    if (size > mostExpanded) throw new ShellSyntaxError('out of memory');
    pieces.push(...found);
  }
  return pieces;
}

async function pieceOf(part: WordPart, expansion: Expansion): Promise<readonly Piece[]> {
  const { quoted } = part;
  switch (part.kind) {
    case 'text':
      return [{ text: part.text, quoted }];
    case 'command':
      return [{ text: (await expansion.output(part.script)).replace(/\n+$/, ''), quoted }];
    case 'arithmetic':
      return [{ text: String(evaluate(part.text.replace(/\$\{?(\w+)\}?/g, '$1'), expansion.variable)), quoted }];
    case 'variable': {
      if (part.name === '@' && quoted) return allOf(expansion.positional());
      const text = await variableText(part, expansion);
      // What is put in place of an unquoted variable is split: literal text beside it is not.
      return [{ text, quoted }];
    }
  }
}

const allOf = (words: readonly string[]): readonly Piece[] =>
  words.flatMap((text, i) => [...(i > 0 ? [{ text: '', quoted: true, breaks: true }] : []), { text, quoted: true }]);

async function variableText(
  { name, operator, argument }: Extract<WordPart, { kind: 'variable' }>,
  expansion: Expansion,
): Promise<string> {
  const value = name === '@' || name === '*' ? expansion.positional().join(' ') : expansion.variable(name);
  if (operator === undefined) return value ?? '';
  if (operator === 'length') return String((value ?? '').length);
  const other = () => expandText(argument ?? [], expansion);
  const missing = value === undefined || (operator.startsWith(':') && value === '');
  switch (operator.replace(':', '')) {
    case '-':
      return missing ? other() : value;
    case '+':
      return missing ? '' : other();
    case '=': {
      if (!missing) return value;
      const text = await other();
      expansion.assign(name, text);
      return text;
    }
    case '?':
      if (!missing) return value;
      throw new ShellSyntaxError(`${name}: ${(await other()) || 'parameter not set'}`);
    default:
      return trimmed(value ?? '', operator, await other());
  }
}

const mostTrimmed = 4_096;

/** `#` and `%`: without the shortest, doubled the longest, beginning or end that matches. */
function trimmed(value: string, operator: string, pattern: string): string {
  // Each length is tried: what is longer is no name or path.
  if (value.length > mostTrimmed) throw new ShellSyntaxError('value too long');
  const matches = globMatcher(pattern);
  const cuts = Array.from({ length: value.length + 1 }, (_, i) => i);
  const fromStart = operator.startsWith('#');
  const longest = operator.length === 2;
  for (const length of longest ? cuts.reverse() : cuts) {
    const part = fromStart ? value.slice(0, length) : value.slice(value.length - length);
    if (matches(part)) return fromStart ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

/** Split at white space outside quotes. */
function fieldsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const fields: Piece[][] = [];
  let current: Piece[] = [];
  const close = () => {
    if (current.length > 0) fields.push(current);
    current = [];
  };
  for (const piece of pieces) {
    if (piece.breaks) close();
    else if (piece.quoted) current.push(piece);
    else
      piece.text.split(/([ \t\n]+)/).forEach((text, i) => {
        if (i % 2 === 1) close();
        else if (text !== '') current.push({ text, quoted: false });
      });
  }
  close();
  return fields;
}

/** File names it stands for; itself where none does. */
function matched(field: readonly Piece[], { files, cwd }: Expansion): readonly string[] {
  const text = field.map((piece) => piece.text).join('');
  if (!field.some((piece) => !piece.quoted && isGlob(piece.text))) return [text];
  const absolute = text.startsWith('/');
  let found: readonly string[] = [absolute ? '/' : ''];
  for (const part of text.split('/').filter((each) => each !== '')) {
    const matches = isGlob(part) ? globMatcher(part) : undefined;
    found = found.flatMap((above) => {
      const node = files.find(resolvePath(cwd(), above === '' ? '.' : above));
      if (node?.kind !== 'folder') return [];
      const join = (name: string) => (above === '' || above === '/' ? above + name : `${above}/${name}`);
      if (!matches) return node.children.has(part) ? [join(part)] : [];
      return [...node.children.keys()]
        .filter((name) => !name.startsWith('.') && matches(name))
        .sort()
        .map(join);
    });
  }
  return found.length > 0 ? found : [text];
}
