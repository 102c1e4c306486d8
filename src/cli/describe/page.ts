/** A description as it is written: lines whose cells are parted by tabs, indented by level. */
import { alignDescription } from '../output/columns.ts';
import { type Labels, nothingThere } from '../output/labels.ts';

export class Page {
  private readonly finished: string[] = [];
  private lines: string[] = [];

  /** `level` steps of two blanks, then `text`. */
  line(level: number, text: string): void {
    this.lines.push(`${'  '.repeat(level)}${text}`);
  }

  field(level: number, name: string, value: string | number | boolean): void {
    this.line(level, `${name}:\t${value}`);
  }

  /** A field that is left out where there is nothing to say. */
  fieldIfAny(level: number, name: string, value: string | number | boolean | undefined): void {
    if (value !== undefined && value !== '') this.field(level, name, value);
  }

  /** One entry a line; only the first has the title before it. */
  list(title: string, entries: readonly string[], between = '\t'): void {
    if (entries.length === 0) this.lines.push(`${title}:${between}${nothingThere}`);
    const indent = ' '.repeat(title.length - title.trimStart().length);
    for (const [i, entry] of entries.entries())
      this.lines.push(i === 0 ? `${title}:${between}${entry}` : `${indent}${i && between === '\t' ? between : ' '.repeat(0)}${entry}`);
  }

  /** What follows begins columns of its own. */
  break(): void {
    if (this.lines.length > 0) this.finished.push(alignDescription(this.lines.join('\n')));
    this.lines = [];
  }

  text(): string {
    this.break();
    return this.finished.join('');
  }
}
