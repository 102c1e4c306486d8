/** The text of an expression by code points, and problems in it shown with the line they are in. */

export interface Problem {
  /** Code points from the start of the text; -1 where it is about the whole. */
  readonly offset: number;
  readonly message: string;
}

/** cel-go shows no more than these; the rest is counted. */
const mostProblems = 100;
/** And no snippet of a line longer than this many bytes. */
const longestSnippet = 16_384;

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

export function describeProblems(text: string, problems: readonly Problem[]): string {
  const points = Array.from(text);
  const lineStarts = [0];
  for (const [index, point] of points.entries()) if (point === '\n') lineStarts.push(index + 1);
  const shown = problems
    .slice(0, mostProblems)
    .map((problem) => ({ ...problem, ...locate(problem.offset, lineStarts) }));
  shown.sort((left, right) => left.line - right.line || left.column - right.column);
  const lines = shown.map(({ line, column, message }) => {
    // Of no text there is no first column.
    const head = `ERROR: <input>:${line}:${points.length === 0 ? 0 : column + 1}: ${message}`;
    return line < 1 || points.length === 0 ? head : head + snippet(lineOf(points, lineStarts, line), column);
  });
  if (problems.length > mostProblems) lines.push(`${problems.length - mostProblems} more errors were truncated`);
  return lines.join('\n');
}

function locate(offset: number, lineStarts: readonly number[]): { line: number; column: number } {
  if (offset < 0) return { line: -1, column: -1 };
  const line = lineStarts.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - lineStarts[line]! };
}

const lineOf = (points: readonly string[], lineStarts: readonly number[], line: number): readonly string[] =>
  points.slice(lineStarts[line - 1], line < lineStarts.length ? lineStarts[line]! - 1 : points.length);

/** The line and a caret below the place; wide marks stand under characters of more than one byte. */
function snippet(line: readonly string[], column: number): string {
  if (byteLength(line.join('')) > longestSnippet) return '';
  const isWide = (point: string | undefined) => point !== undefined && point.charCodeAt(0) > 0x7f;
  const dots = line.slice(0, column).map((point) => (isWide(point) ? '．' : '.'));
  const caret = isWide(line[column]) ? '＾' : '^';
  return `\n | ${line.join('').replaceAll('\t', ' ')}\n | ${dots.join('')}${caret}`;
}
