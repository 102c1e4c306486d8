/** What texts are asked: `contains`, `startsWith`, `endsWith`, `matches`, `find`, `findAll`. */

import { celTypes } from '../types.ts';
import { ValueList } from '../value/list.ts';
import { CelDuration, CelError, CelTimestamp, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import { type CelLibrary, declare, declareWith, type FunctionDeclaration, method, overload } from './declare.ts';
import { compilePattern, findAllIn, findIn, matchesIn, type Pattern } from './pattern.ts';

const { bool, int, string } = celTypes;
const strings = celTypes.list(string);

const test = (name: string, id: string, run: (text: string, part: string) => boolean): FunctionDeclaration => ({
  ...declare(
    name,
    method(id, [string, string], bool, (text: CelValue, part: CelValue) =>
      typeof text === 'string' && typeof part === 'string' ? run(text, part) : noSuchOverload,
    ),
  ),
  unguarded: true,
});

function matches(text: CelValue, pattern: CelValue): Evaluated {
  if (text instanceof CelTimestamp || text instanceof CelDuration) return noSuchOverload;
  if (typeof text !== 'string') return new CelError('no such overload: matches');
  if (typeof pattern !== 'string') return noSuchOverload;
  const compiled = compilePattern(pattern);
  return compiled instanceof CelError ? compiled : matchesIn(compiled, text);
}

function withPattern(text: string, use: (pattern: Pattern) => Evaluated): Evaluated {
  const compiled = compilePattern(text);
  return compiled instanceof CelError ? new CelError(`Illegal regex: ${compiled.message}`) : use(compiled);
}

const find = (text: string, pattern: string) => withPattern(pattern, (compiled) => findIn(compiled, text));

const findAll = (text: string, pattern: string, most: number | bigint = -1) =>
  withPattern(pattern, (compiled) => new ValueList(findAllIn(compiled, text, Number(most))));

export const texts: CelLibrary = {
  functions: [
    test('contains', 'contains_string', (text, part) => text.includes(part)),
    test('endsWith', 'ends_with_string', (text, part) => text.endsWith(part)),
    test('startsWith', 'starts_with_string', (text, part) => text.startsWith(part)),
    declareWith(
      'matches',
      matches,
      overload('matches', [string, string], bool),
      method('matches_string', [string, string], bool),
    ),
    declare('find', method('string_find_string', [string, string], string, find)),
    declare(
      'findAll',
      method('string_find_all_string', [string, string], strings, findAll),
      method('string_find_all_string_int', [string, string, int], strings, findAll),
    ),
  ],
};
