/** Whatever is written as a script, it answers or is told what is wrong with it: nothing else comes out of the engine. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LuaError, LuaSyntaxError } from './error.ts';
import { kubeModules } from './kube.ts';
import { compile } from './lua.ts';

const wordsOf = (script: string): readonly string[] => script.match(/\w+|\s+|[^\w\s]/g) ?? [];

const scripts = readFileSync(join(import.meta.dirname, 'testdata', 'programs.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => wordsOf((JSON.parse(line) as { readonly script: string }).script));
const words = [...new Set(scripts.flat())];

/** Whole scripts with some words left out, replaced or put in. */
const script = fc
  .tuple(
    fc.constantFrom(...scripts),
    fc.array(fc.tuple(fc.nat(200), fc.nat(1), fc.option(fc.constantFrom(...words))), { maxLength: 4 }),
  )
  .map(([original, edits]) => {
    const edited = [...original];
    for (const [at, removed, word] of edits)
      edited.splice(at % edited.length, removed, ...(word === null ? [] : [word]));
    return edited.join('');
  });

const options = { budget: { instructions: 100_000, bytes: 1_000_000 }, modules: kubeModules };
const observed = { list: [1, {}, null], text: 'é', nothing: null };

test('scripts with mistakes', () => {
  const outcomes = { answered: 0, failed: 0, refused: 0 };
  fc.assert(
    fc.property(script, (source) => {
      try {
        compile(`function main(observed) ${source}\nend`, 'fuzz').call('main', [observed], options);
        outcomes.answered += 1;
      } catch (error) {
        if (error instanceof LuaSyntaxError) outcomes.refused += 1;
        else if (error instanceof LuaError) outcomes.failed += 1;
        else throw error;
      }
    }),
    { numRuns: 3000, seed: 3 },
  );
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(100);
});
