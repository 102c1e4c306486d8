/**
 * Text in columns as Go's tabwriter sets them: a column is as wide as its widest cell among lines that follow each
 * other and have it; the last cell of a line belongs to no column.
 */

import { escapedForTables } from '#world/process/control-characters.ts';

/** Widths by column that earlier output of the same table took; brought up to date, so that columns never shrink. */
export type Widths = number[];

interface Style {
  readonly least: number;
  readonly gap: number;
}

/** kubectl get: three blanks between columns, none narrower than six. */
const tableStyle: Style = { least: 6, gap: 3 };
/** kubectl describe: two blanks between columns. */
const descriptionStyle: Style = { least: 0, gap: 2 };

type Line = readonly string[];

export const alignColumns = (lines: readonly Line[], remembered?: Widths): string =>
  align(lines, tableStyle, remembered);

/** `text`: lines, their cells parted by tabs. */
export const alignDescription = (text: string): string =>
  align(
    escapedForTables(text)
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.split('\t')),
    descriptionStyle,
  );

function align(lines: readonly Line[], style: Style, remembered?: Widths): string {
  const out: string[] = [];
  block(lines, [], style, remembered, out);
  return out.join('');
}

/** Writes lines whose first columns have these widths. */
function block(
  lines: readonly Line[],
  widths: readonly number[],
  style: Style,
  remembered: Widths | undefined,
  out: string[],
): void {
  const column = widths.length;
  const has = (line: Line) => column < line.length - 1;
  let at = 0;
  while (at < lines.length) {
    if (!has(lines[at]!)) {
      out.push(written(lines[at]!, widths));
      at++;
      continue;
    }
    let width = Math.max(style.least, remembered?.[column] ?? 0);
    const from = at;
    for (; at < lines.length && has(lines[at]!); at++)
      width = Math.max(width, lengthOf(lines[at]![column]!) + style.gap);
    if (remembered) remembered[column] = width;
    block(lines.slice(from, at), [...widths, width], style, remembered, out);
  }
}

const written = (line: Line, widths: readonly number[]): string =>
  `${line.map((cell, i) => (i < widths.length && i < line.length - 1 ? fill(cell, widths[i]!) : cell)).join('')}\n`;

/** In characters, not in UTF-16 units. */
const lengthOf = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text.length : Array.from(text).length);

const fill = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - lengthOf(text)));
