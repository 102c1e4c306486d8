/** Whatever is written, compiling and evaluating end: with a value, an error of CEL, or the budget. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rounds } from '#harness/soak.ts';
import { celEnvironment } from './environment.ts';
import { CelBudgetError, CelCompileError, CelEvaluationError } from './errors.ts';
import { celValueOfJson } from './schema-type.ts';
import { celTypes } from './types.ts';

const environment = celEnvironment({
  variables: { self: celTypes.dyn, n: celTypes.int, text: celTypes.string, list: celTypes.list(celTypes.int) },
});

const budget = 20_000;

const variables = {
  self: celValueOfJson({ a: { b: [1, 'x', null, 0.5] }, c: 'text', d: { 'e/f': true } }),
  n: 3,
  text: 'héllo😀',
  list: celValueOfJson([3, 1, 2]),
};

/** What came of an expression; anything but an error of CEL fails the test. */
function outcome(text: string): 'value' | 'refused' | 'failed' | 'too expensive' {
  try {
    const program = environment.compile(text);
    expect(program.cost.min).toBeLessThanOrEqual(program.cost.max);
    const { cost } = program.evaluate(variables, { budget });
    expect(cost).toBeLessThanOrEqual(budget);
    return 'value';
  } catch (error) {
    if (error instanceof CelCompileError) return 'refused';
    if (error instanceof CelEvaluationError) return 'failed';
    if (error instanceof CelBudgetError) return 'too expensive';
    throw error;
  }
}

const known = readFileSync(join(import.meta.dirname, 'testdata', 'expressions.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => (JSON.parse(line) as { expression: string }).expression)
  .filter((expression) => expression.length < 200);

const seed = 20_260;

test('tokens in any order', () => {
  const token = fc.constantFrom(
    ...'( ) [ ] { } . , ? : + - * / % ! && || == != < >= in true null 1 2.5 3u self n text list a .? [? for @ & ` " \' \\'.split(
      ' ',
    ),
    "'s'",
    "b'x'",
    'map(',
    '.all(',
    'has(',
    '.format(',
    '\n',
    '//',
    '"""',
    '\ud800',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 25 }), (tokens) => void outcome(tokens.join(''))),
    { seed, numRuns: rounds({ test: 500, soak: 100_000 }) },
  );
});

test('expressions cut, doubled and put into one another', () => {
  const piece = fc.constantFrom(...known);
  const edit = fc.record({ expression: piece, other: piece, at: fc.nat(200), length: fc.nat(30) });
  fc.assert(
    fc.property(edit, ({ expression, other, at, length }) => {
      const place = at % (expression.length + 1);
      outcome(expression.slice(0, place) + expression.slice(place + length));
      outcome(`${expression.slice(0, place)}(${other})${expression.slice(place)}`);
      outcome(`[${expression}].map(x, ${other})`);
    }),
    { seed, numRuns: rounds({ test: 300, soak: 50_000 }) },
  );
});

/** Well-typed ints, booleans and lists of both: all of it compiles. */
const typed = fc.letrec<{ int: string; bool: string; list: string }>((tie) => ({
  int: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('0', '1', '-7', '9223372036854775807', 'n', 'size(text)', 'list[0]'),
    fc.tuple(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int')).map((parts) => `(${parts.join(' ')})`),
    fc.tuple(tie('bool'), tie('int'), tie('int')).map(([when, yes, no]) => `(${when} ? ${yes} : ${no})`),
    tie('list').map((list) => `${list}.sum()`),
    tie('list').map((list) => `size(${list})`),
  ),
  bool: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('true', 'false', 'has(self.a)', "text.startsWith('h')"),
    fc.tuple(tie('int'), fc.constantFrom('<', '<=', '==', '!='), tie('int')).map((parts) => `(${parts.join(' ')})`),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map((parts) => `(${parts.join(' ')})`),
    fc.tuple(tie('list'), tie('int')).map(([list, int]) => `${list}.exists(i, i > ${int})`),
  ),
  list: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('list', '[1, 2]', 'lists.range(4)'),
    fc.tuple(tie('int'), tie('int')).map(([first, second]) => `[${first}, ${second}]`),
    fc.tuple(tie('list'), tie('list')).map(([left, right]) => `(${left} + ${right})`),
    fc.tuple(tie('list'), tie('int')).map(([list, int]) => `${list}.map(i, i + ${int})`),
    fc.tuple(tie('list'), tie('bool')).map(([list, bool]) => `${list}.filter(i, ${bool})`),
  ),
}));

test('well-typed expressions compile, and cost no more than was estimated', () => {
  fc.assert(
    fc.property(typed.bool, (text) => {
      const program = environment.compile(text, [celTypes.bool]);
      try {
        const { value, cost } = program.evaluate(variables, { budget });
        expect(typeof value).toBe('boolean');
        expect(cost).toBeLessThanOrEqual(program.cost.max);
      } catch (error) {
        expect(error instanceof CelEvaluationError || error instanceof CelBudgetError).toBe(true);
      }
    }),
    { seed, numRuns: rounds({ test: 300, soak: 50_000 }) },
  );
});
