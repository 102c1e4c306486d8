/** Regular expressions of CEL: compiled, asked, and what is wrong with them as an error of the language. */
import { compileRe2, PatternFault, type Re2 } from '../../pattern/re2.ts';
import { CelError } from '../value/value.ts';

export type Pattern = Re2;

export function compilePattern(text: string): Pattern | CelError {
  const compiled = compileRe2(text);
  return compiled instanceof PatternFault ? new CelError(compiled.text) : compiled;
}

/** What is wrong with a pattern, in Go's words; undefined when nothing is. */
export function patternError(text: string): string | undefined {
  const compiled = compilePattern(text);
  return compiled instanceof CelError ? compiled.message : undefined;
}

/** Whether any part of the text fits. */
export const matchesIn = (pattern: Pattern, text: string): boolean => pattern.test(text);

/** The first part that fits, else nothing. */
export function findIn(pattern: Pattern, text: string): string {
  const matcher = pattern.matcher(text);
  return matcher.find() ? (matcher.group() ?? '') : '';
}

/** The parts that fit, at most so many; all of them for a negative number. */
export function findAllIn(pattern: Pattern, text: string, most: number): string[] {
  const found: string[] = [];
  const matcher = pattern.matcher(text);
  let end = -1;
  while ((most < 0 || found.length < most) && matcher.find()) {
    // Go leaves out an empty match right behind the one before.
    if (matcher.start() === matcher.end() && matcher.start() === end) continue;
    end = matcher.end();
    found.push(matcher.group() ?? '');
  }
  return found;
}
