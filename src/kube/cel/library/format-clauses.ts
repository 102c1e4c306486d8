/** A format string taken apart: text, and clauses that each take one argument. Shared by `format` and its validator. */

export interface Clause {
  readonly verb: string;
  readonly precision: number | undefined;
}

/** Thrown where a clause is none; `argument` says how many arguments were used by then. */
export class FormatProblem extends Error {}

/** Go would write as many digits as asked for; no more than a text may be long anyway. */
const mostDigits = 100;

const known: ReadonlySet<string> = new Set('sdfebxXo');

/** Handles clauses one by one as they are met, so that problems come in the order of the text. */
export function readFormat(
  format: string,
  take: (clause: () => Clause, index: number, isEnd: boolean) => string,
): string {
  let built = '';
  let index = 0;
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at);
    if (percent < 0) return built + format.slice(at);
    built += format.slice(at, percent);
    at = percent + 1;
    if (format[at] === '%') {
      built += '%';
      at++;
      continue;
    }
    const isEnd = at >= format.length;
    const start = at;
    const clause = () => {
      if (isEnd) throw new FormatProblem('unexpected end of string');
      const { read, ...found } = readClause(format, start);
      at = start + read;
      return found;
    };
    built += take(clause, index, isEnd);
    index++;
  }
  return built;
}

function readClause(format: string, at: number): Clause & { read: number } {
  const match = /\.(\d*)/y;
  match.lastIndex = at;
  const digits = match.exec(format);
  const end = at + (digits?.[0].length ?? 0);
  const problem = (text: string) => new FormatProblem(`could not parse formatting clause: ${text}`);
  if (digits && end >= format.length)
    throw problem('error while parsing precision: could not find end of precision specifier');
  if (digits?.[1] === '')
    throw problem(
      'error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax',
    );
  const verb = String.fromCodePoint(format.codePointAt(end) ?? 0xfffd);
  if (!known.has(verb)) throw problem(`unrecognized formatting clause "${verb}"`);
  return { verb, precision: digits ? Math.min(Number(digits[1]), mostDigits) : undefined, read: end + 1 - at };
}

const textClause =
  'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';

/** What each verb says about what it cannot write. */
export const refusals: Readonly<Record<string, string>> = {
  s: textClause,
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  X: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
};
