/** How many steps a backtracking matcher may take: which patterns it can be trusted with, and for how long texts. */

/** `factor * length ** degree`. */
export interface Steps {
  readonly degree: number;
  readonly factor: number;
}

interface Group {
  /** Whether it can fit the same text in more than one way. */
  choices: boolean;
}

/** Bounds of a quantifier: `*`, `+`, `?`, `{1,3}`. */
interface Quantifier {
  readonly length: number;
  readonly kind: 'often' | 'optional' | 'exact';
}

function quantifierAt(pattern: string, at: number): Quantifier | undefined {
  const char = pattern[at];
  const found =
    char === '*' || char === '+'
      ? { length: 1, kind: 'often' as const }
      : char === '?'
        ? { length: 1, kind: 'optional' as const }
        : char === '{'
          ? bounds(pattern, at)
          : undefined;
  // `*?` is the same, in another order.
  return found && pattern[at + found.length] === '?' ? { ...found, length: found.length + 1 } : found;
}

function bounds(pattern: string, at: number): Quantifier | undefined {
  const [text, , upper] = /^\{\d+(,(\d*))?\}/.exec(pattern.slice(at, at + longestBounds)) ?? [];
  if (text === undefined) return undefined;
  return { length: text.length, kind: text.includes(',') || upper !== undefined ? 'often' : 'exact' };
}
const longestBounds = 24;

/** Where a class that begins at `at` has ended. */
function afterClass(pattern: string, at: number): number {
  let end = at + 1;
  if (pattern[end] === '^') end++;
  if (pattern[end] === ']') end++;
  while (end < pattern.length && pattern[end] !== ']') {
    const named = pattern.startsWith('[:', end) ? pattern.indexOf(':]', end) : -1;
    end = named >= 0 ? named + 2 : end + (pattern[end] === '\\' ? 2 : 1);
  }
  return end + 1;
}

/** Above this a pattern counts as one that grows exponentially: 2 to that power ways without any length. */
const mostDoublings = 10;

/** Escapes that a RegExp reads in another way: quotes, classes of Unicode, spaces. */
const otherwise: ReadonlySet<string> = new Set('QpPsS');

/** `pattern`: in RE2's syntax. undefined where steps may grow exponentially, or a RegExp means something else. */
export function stepsOf(pattern: string): Steps | undefined {
  // Each place of a text may be the beginning.
  let degree = pattern.startsWith('^') && !pattern.includes('|') ? 0 : 1;
  let doublings = 0;
  const open: Group[] = [{ choices: false }];
  let ended: Group | undefined;
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at]!;
    const quantifier = quantifierAt(pattern, at);
    if (quantifier) {
      if (ended?.choices && quantifier.kind !== 'optional') return undefined;
      if (quantifier.kind === 'often') degree++;
      if (quantifier.kind === 'optional') doublings++;
      if (quantifier.kind !== 'exact' || ended) for (const group of open) group.choices = true;
      at += quantifier.length;
      ended = undefined;
      continue;
    }
    ended = undefined;
    if (char === '\\') {
      if (otherwise.has(pattern[at + 1]!)) return undefined;
      at += 2;
    } else if (char === '[') at = afterClass(pattern, at);
    else if (char === '(') {
      open.push({ choices: false });
      at += pattern[at + 1] === '?' ? 2 : 1;
    } else if (char === ')') {
      ended = open.length > 1 ? open.pop() : undefined;
      at++;
    } else {
      if (char === '|') {
        doublings++;
        for (const group of open) group.choices = true;
      }
      at++;
    }
  }
  return doublings > mostDoublings ? undefined : { degree, factor: 2 ** doublings };
}
