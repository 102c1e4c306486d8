/**
 * `pattern` of a schema, in Go's RE2 syntax. A RegExp is fast, and may take for ever on what somebody made for it: where
 * that could be, an engine that never does is asked instead. It is loaded when it is first needed.
 */
import { type Steps, stepsOf } from '../pattern/steps.ts';

export interface TextPattern {
  /** Throws PatternEngineAbsent. */
  readonly test: (text: string) => boolean;
}

/** Whoever meets it loads the engine and asks again. */
export class PatternEngineAbsent extends Error {
  constructor() {
    super('the engine for patterns is not loaded');
  }
}

type Engine = typeof import('../pattern/re2.ts');
let engine: Engine | undefined;

export async function loadPatternEngine(): Promise<void> {
  engine = await import('../pattern/re2.ts');
}

/** 16 million steps of a RegExp are about 30 ms. */
const mostSteps = 16_000_000;

/** Patterns of declared kinds are known to go on; texts beyond this length are nobody's names. */
const longestTrusted = 1024;
const trusted = new Set<string>();

/** To be called for patterns of this program's own. */
export function trustPattern(pattern: string): void {
  trusted.add(pattern);
}

const compiled = new Map<string, TextPattern | null>();

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
export function patternOf(pattern: string): TextPattern | undefined {
  let known = compiled.get(pattern);
  if (known === undefined) {
    const regexp = compile(pattern);
    known = regexp && guarded(pattern, regexp);
    if (compiled.size >= mostCompiled) compiled.delete(compiled.keys().next().value as string);
    compiled.set(pattern, known);
  }
  return known ?? undefined;
}

function guarded(pattern: string, regexp: RegExp): TextPattern {
  const steps = stepsOf(pattern);
  const own = trusted.has(pattern) ? longestTrusted : 0;
  const longest = Math.max(own, steps ? longestWithin(steps) : 0);
  return { test: (text) => (text.length <= longest ? regexp.test(text) : linear(pattern, text)) };
}

const longestWithin = ({ degree, factor }: Steps): number =>
  degree === 0 ? Number.POSITIVE_INFINITY : Math.floor((mostSteps / factor) ** (1 / degree));

function linear(pattern: string, text: string): boolean {
  if (!engine) throw new PatternEngineAbsent();
  const found = engine.compileRe2(pattern);
  return found instanceof engine.PatternFault || found.test(text);
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
