/** Regular expressions that are constants are compiled once, and a bad one is found before anything runs. */
import type { CallReference } from '../check/checked.ts';
import { CelCompileError } from '../errors.ts';
import type { Run } from '../library/declare.ts';
import { compilePattern, findAllIn, findIn, matchesIn } from '../library/pattern.ts';
import { ValueList } from '../value/list.ts';
import { CelError, type CelValue, noSuchOverload } from '../value/value.ts';

const runs: Readonly<Record<string, (pattern: string) => Run>> = {
  matches: (pattern) => {
    const compiled = compiledOrThrow(pattern);
    return (text) => (typeof text === 'string' ? matchesIn(compiled, text) : noSuchOverload);
  },
  find: (pattern) => {
    const compiled = compiledOrThrow(pattern);
    return (text) => (typeof text === 'string' ? findIn(compiled, text) : noSuchOverload);
  },
  findAll: (pattern) => {
    const compiled = compiledOrThrow(pattern);
    return (text, _pattern, most = -1) =>
      typeof text === 'string' ? new ValueList(findAllIn(compiled, text, Number(most))) : noSuchOverload;
  },
};

function compiledOrThrow(pattern: string) {
  const compiled = compilePattern(pattern);
  if (compiled instanceof CelError) throw new CelCompileError('program', compiled.message);
  return compiled;
}

/** The call with the pattern bound into what runs; the call as it is where there is none to bind. */
export function patternCall(reference: CallReference, pattern: CelValue | undefined): CallReference {
  const make = typeof pattern === 'string' && Object.hasOwn(runs, reference.declaration.name);
  if (!make) return reference;
  return { ...reference, declaration: { ...reference.declaration, run: runs[reference.declaration.name]!(pattern) } };
}
