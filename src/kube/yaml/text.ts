/** How kubectl's YAML writes text: plain, 'quoted', "escaped" or as a block, and where long lines are folded. */
import { readsAsOther } from './scalar.ts';

/** A line is folded at the first blank beyond this column. */
const width = 80;

/** What only an escape can show: control characters, line breaks other than \n, what is outside the basic plane. */
const unprintable = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const firstIndicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?: |$))/;
const laterIndicator = /:(?: |$)| #/;

/**
 * The lines of `text`, the first to be put at `column`, the others with their `indent` already. A column beyond all
 * widths means that the text may not be folded (keys).
 */
export function textLines(text: string, indent: number, column: number): string[] {
  if (text.includes('\n')) {
    const block = !unprintable.test(text) && !text.endsWith(' ') && !text.includes(' \n');
    return block ? blockLines(text, indent) : fold(escaped(text), indent, column, '\\');
  }
  if (readsAsOther(text) || unprintable.test(text)) return fold(escaped(text), indent, column, '\\');
  if (firstIndicator.test(text) || laterIndicator.test(text) || text.startsWith(' ') || text.endsWith(' ')) {
    return fold(`'${text.replaceAll("'", "''")}'`, indent, column);
  }
  return fold(text, indent, column);
}
