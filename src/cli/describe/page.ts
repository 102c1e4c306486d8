/** A description as it is written: lines whose cells are parted by tabs, indented by level. */
import { alignDescription } from '../output/columns.ts';
import { nothingThere } from '../output/labels.ts';

export class Page {
  private readonly finished: string[] = [];
  private lines: string[] = [];

  /** `level` steps of two blanks, then `text`, which may hold tabs and line breaks. */
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

  /** One entry a line, all in the column of the first. */
  list(level: number, title: string, entries: readonly string[]): void {
    if (entries.length === 0) this.field(level, title, nothingThere);
    for (const [i, entry] of entries.entries()) this.line(level, `${i === 0 ? `${title}:` : ''}\t${entry}`);
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
