/** How kubectl's YAML writes text: plain, 'quoted', "escaped" or as a block, and where long lines are folded. */
import { readsAsOther } from './scalar.ts';

/** A line is folded at the first blank beyond this column. */
const width = 80;

/** What only an escape can show: control characters, line breaks other than \n, what is outside the basic plane. */
const unprintable = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const firstIndicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?: |$))/;
const laterIndicator = /:(?: |$)| #/;

/** The lines of `text`: the first is to be put at `column`, the others have their `indent` already. */
export function textLines(text: string, indent: number, column: number): string[] {
  if (text.includes('\n') && !unprintable.test(text) && !text.endsWith(' ') && !text.includes(' \n')) {
    return blockLines(text, indent);
  }
  return fold(inlineText(text), indent, column);
}

/** Text in one line, as keys are written. */
export function inlineText(text: string): string {
  if (text.includes('\n') || unprintable.test(text) || readsAsOther(text)) return escaped(text);
  if (firstIndicator.test(text) || laterIndicator.test(text) || text.startsWith(' ') || text.endsWith(' ')) {
    return `'${text.replaceAll("'", "''")}'`;
  }
  return text;
}

function blockLines(text: string, indent: number): string[] {
  const lines = text.split('\n');
  const ends = lines.at(-1) === '';
  if (ends) lines.pop();
  // `-`: no line break at the end; `+`: more than one; the digit says where text begins that itself begins with a blank.
  const chomping = !ends ? '-' : lines.at(-1) === '' ? '+' : '';
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const blanks = ' '.repeat(indent);
  return [`|${hint}${chomping}`, ...lines.map((line) => (line === '' ? '' : blanks + line))];
}

const named: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
};

function escaped(text: string): string {
  let written = '"';
  for (const letter of text) {
    if (letter !== '"' && letter !== '\\' && letter !== '\n' && !unprintable.test(letter)) {
      written += letter;
      continue;
    }
    const point = letter.codePointAt(0)!;
    const [mark, digits] = point <= 0xff ? ['x', 2] : point <= 0xffff ? ['u', 4] : ['U', 8];
    written += `\\${
      named[letter] ??
      mark +
        point
          .toString(16)
          .toUpperCase()
          .padStart(digits as number, '0')
    }`;
  }
  return `${written}"`;
}

/** Breaks a long line at single blanks; in "escaped" text also before further blanks, which then need a backslash. */
function fold(written: string, indent: number, column: number): string[] {
  if (column + written.length <= width) return [written];
  const quote = written[0] === '"' || written[0] === "'" ? written[0] : '';
  const [first, last] = quote ? [2, written.length - 3] : [0, written.length - 1];
  const blanks = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  let at = column;
  let afterBlank = false;
  for (let index = 0; index < written.length; index++) {
    const letter = written[index]!;
    const next = written[index + 1];
    const breaks = letter === ' ' && !afterBlank && at > width && index >= first && index <= last;
    if (breaks && (quote === '"' || next !== ' ')) {
      lines.push(line);
      line = next === ' ' ? `${blanks}\\` : blanks;
      at = line.length;
      afterBlank = true;
    } else {
      line += letter;
      at++;
      afterBlank = letter === ' ';
    }
  }
  return [...lines, line];
}
