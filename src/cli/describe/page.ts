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

  /** One entry a line, all behind the title's `gap`: a tab, or blanks. */
  list(level: number, title: string, entries: readonly string[], gap = '\t'): void {
    if (entries.length === 0) this.line(level, `${title}:${gap}${nothingThere}`);
    for (const [i, entry] of entries.entries()) this.line(level, `${i === 0 ? `${title}:` : ''}${gap}${entry}`);
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
