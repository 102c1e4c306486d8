/** Text in lines of limited width, as kubectl breaks them. */

const unbreakable = '\u00a0';
const isBlank = (char: string): boolean => char !== unbreakable && /\s/.test(char);

/**
 * Breaks stand for the blanks before a word that would pass `width` characters; a word of that many or more stays whole,
 * where it is. Lines that are there stay.
 */
export function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, width))
    .join('\n');
}

function wrappedLine(line: string, width: number): string {
  let out = '';
  // Of `out`, since the last break.
  let column = 0;
  const pieces = piecesOf(line);
  for (const { blanks, word } of pieces) {
    const [before, length] = [Array.from(blanks).length, Array.from(word).length];
    if (word === '') {
      // Blanks at a line's end are dropped where they would pass its width.
      if (column + before <= width) out += blanks;
    } else if (breaksBefore(column + before, length, width)) {
      out += `\n${word}`;
      column = length;
    } else {
      out += blanks + word;
      column += before + length;
    }
  }
  return out;
}

/**
 * The word is met character by character: it breaks at the first that passes the width, unless so many characters of
 * it stand already that it is too long for any line.
 */
const breaksBefore = (start: number, length: number, width: number): boolean => {
  const passing = Math.max(width - start + 1, 1);
  return start + length > width && passing < width;
};

interface Piece {
  readonly blanks: string;
  readonly word: string;
}

function piecesOf(line: string): readonly Piece[] {
  const pieces: { blanks: string; word: string }[] = [];
  for (const char of line) {
    const last = pieces.at(-1);
    if (isBlank(char)) {
      if (last && last.word === '') last.blanks += char;
      else pieces.push({ blanks: char, word: '' });
    } else if (last) last.word += char;
    else pieces.push({ blanks: '', word: char });
  }
  return pieces;
}

/** Every line of it, also an empty one. */
export const indented = (text: string, by: number): string =>
  text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
