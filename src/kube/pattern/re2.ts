/** Regular expressions in RE2's syntax and with its guarantee: time grows with the text, never exponentially. */
import { RE2JS } from 're2js';

export type Re2 = RE2JS;

/** What is wrong with a text that is no such expression, in Go's words. */
export class PatternFault {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Patterns that come as values are compiled anew each time, but for the last few: about 10 kB each. */
const mostRemembered = 100;
const remembered = new Map<string, Re2 | PatternFault>();

export function compileRe2(text: string): Re2 | PatternFault {
  const known = remembered.get(text);
  if (known) return known;
  const compiled = compile(text);
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value as string);
  remembered.set(text, compiled);
  return compiled;
}

function compile(text: string): Re2 | PatternFault {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    const { message } = error as Error;
    // Go names the part that is wrong, here none.
    return new PatternFault(message.endsWith('at end of expression') ? `${message}: \`\`` : message);
  }
}
