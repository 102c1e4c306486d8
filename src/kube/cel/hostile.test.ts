/** Expressions and data made to hurt: each is refused or stopped before it takes time or memory that counts. */
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../meta/object.ts';
import { celEnvironment, celPerCallLimit } from './environment.ts';
import { CelBudgetError, CelCompileError, CelEvaluationError } from './errors.ts';
import { celValueOfJson } from './schema-type.ts';
import { celTypes } from './types.ts';

const environment = celEnvironment({ variables: { self: celTypes.dyn, text: celTypes.string } });
const evaluate = (text: string, self: JsonValue = null, value = '') =>
  environment.compile(text).evaluate({ self: celValueOfJson(self), text: value }).value;

describe('what is too much to compile', () => {
  test.each([
    ['parentheses', '('.repeat(50_000)],
    ['lists', '['.repeat(50_000)],
    ['unary operators and parentheses', '!('.repeat(30_000)],
    ['a chain of fields', `self${'.a'.repeat(40_000)}`],
    ['a chain of sums', Array.from({ length: 40_000 }, () => '1').join('+')],
    ['a chain of ternaries', `${'true ? 1 : '.repeat(9_000)}1`],
    ['calls in calls', 'size('.repeat(20_000)],
    ['macros in macros', '[1].map(x, '.repeat(9_000)],
    ['macros that copy', `optional.of(1)${'.optMap(l, l + l)'.repeat(40)}`],
    ['more than 100,000 characters', `'${'a'.repeat(100_000)}'`],
  ])('%s', (_name, text) => expect(() => environment.compile(text)).toThrow(CelCompileError));

  test('a wide expression is fine', () => {
    expect(evaluate(`size([${'1,'.repeat(5000)}])`)).toBe(5000);
    expect(evaluate(Array.from({ length: 5_000 }, () => 'true').join(' && '))).toBe(true);
  });

  test('nested as deep as is allowed', () => {
    expect(evaluate(`${'['.repeat(200)}${']'.repeat(200)}.size()`)).toBe(1);
    expect(evaluate(`${'[1].map(x, '.repeat(60)}1${')'.repeat(60)}.size()`)).toBe(1);
  });
});

describe('what is too much to evaluate', () => {
  const many = Array.from({ length: 2_000 }, (_none, index) => index);

  test.each([
    ['loops in loops', 'self.all(a, self.all(b, self.all(c, a + b + c >= 0)))'],
    ['a list that is not there yet', 'lists.range(9223372036854775807).size() > 0'],
    ['every item with every other', '(self + self).distinct().size() > 0'],
    ['text that grows', `self.map(a, self.map(b, '${'x'.repeat(5_000)}' + 'y')).size() > 0`],
  ])('%s', (_name, text) => expect(() => evaluate(text, many)).toThrow(CelBudgetError));

  test.each([
    ['replace between all characters', 'text.replace("", text).replace("", text).size()'],
    ['lists that double', `[[1]]${'.map(l, l + l)'.repeat(40)}[0].size()`],
    ['a list of lists made flat', '[lists.range(2000)].map(l, l.map(i, l))[0].flatten().size()'],
    ['join of a long separator', 'lists.range(5000).map(i, "").join(text).size()'],
  ])('%s', (_name, text) => {
    expect(() => evaluate(text, null, 'x'.repeat(4_000))).toThrow(/would be longer than/);
  });

  test('a pattern that backtracking would never finish', () => {
    expect(evaluate("text.matches('^(a+)+$')", null, `${'a'.repeat(50_000)}!`)).toBe(false);
    expect(evaluate("text.matches('(x+x+)+y')", null, 'x'.repeat(10_000))).toBe(false);
  });

  test('a pattern too large to compile', () =>
    expect(() => evaluate("text.matches('((a{1000}){1000}){1000}')")).toThrow(CelCompileError));

  test('data nested deeper than the machine follows', () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => evaluate('self == [self]', deep)).toThrow(CelEvaluationError);
  });

  test('digits without end', () => {
    const digits = '9'.repeat(50_000);
    expect(() => evaluate('int(text)', null, digits)).toThrow('type conversion error');
    expect(() => evaluate('duration(text)', null, `${digits}s`)).toThrow('type conversion error');
    expect(() => environment.compile(digits)).toThrow('invalid int literal');
    expect(evaluate("'%.999999999f'.format([1.0]).size() < 200")).toBe(true);
  });

  test('the limit of one call holds where none is given', () => {
    const program = environment.compile('self.all(a, self.all(b, true))');
    try {
      program.evaluate({ self: celValueOfJson(many) });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CelBudgetError);
      expect((error as CelBudgetError).cost).toBeLessThan(celPerCallLimit * 1.01);
    }
  });
});
