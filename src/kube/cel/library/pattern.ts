/** Regular expressions in RE2's syntax and with its guarantee: time grows with the text, never exponentially. */
import { RE2JS } from 're2js';
import { CelError } from '../value/value.ts';

export type Pattern = RE2JS;

/** Patterns that come as values are compiled anew each time, but for the last few: about 10 kB each. */
const mostRemembered = 100;
const remembered = new Map<string, Pattern | CelError>();

export function compilePattern(text: string): Pattern | CelError {
  const known = remembered.get(text);
  if (known) return known;
  const compiled = compile(text);
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value as string);
  remembered.set(text, compiled);
  return compiled;
}

function compile(text: string): Pattern | CelError {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    const { message } = error as Error;
    // Go names the part that is wrong, here none.
    return new CelError(message.endsWith('at end of expression') ? `${message}: \`\`` : message);
  }
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
