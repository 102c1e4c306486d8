/** `pattern` of a schema: Go's RE2 syntax as a RegExp, compiled once. */

const compiled = new Map<string, RegExp | null>();

/**
 * Patterns are as many as declared kinds and CRDs have; beyond this many (about 200 bytes each, 2 MB) the oldest is
 * forgotten and compiled again when needed.
 */
const mostCompiled = 10_000;

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** undefined when the pattern is none. */
export function patternOf(pattern: string): RegExp | undefined {
  let regexp = compiled.get(pattern);
  if (regexp === undefined) {
    regexp = compile(pattern);
    if (compiled.size >= mostCompiled) compiled.delete(compiled.keys().next().value as string);
    compiled.set(pattern, regexp);
  }
  return regexp ?? undefined;
}

function compile(pattern: string): RegExp | null {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const source = (leading ? pattern.slice(leading[0].length) : pattern)
    .replace(/\[:(\^?)(\w+):\]/g, (whole, negated: string, name: string) =>
      negated === '' ? (posixClasses[name] ?? whole) : whole,
    )
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\(\?P</g, '(?<');
  const flags = leading?.[1] ?? '';
  for (const mode of ['u', '']) {
    try {
      return new RegExp(source, flags + mode);
    } catch {
      // The strict mode refuses escapes that Go allows (`\-`, `\_`); the lenient one is tried next.
    }
  }
  return null;
}
