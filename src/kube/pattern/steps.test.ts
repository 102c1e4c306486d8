import { describe, expect, it } from 'vitest';
import { stepsOf } from './steps.ts';

describe('steps of a backtracking matcher', () => {
  it.each([
    ['^abc$', 0, 1],
    ['abc', 1, 1],
    ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 1, 2],
    ['^[a-z]+$', 1, 1],
    ['^a*a*b$', 2, 1],
    ['a+b', 2, 1],
    ['^(a|b)$', 1, 2],
    ['^[0-9]{4}-[0-9]{2}$', 0, 1],
    ['^[a-z]{1,63}$', 1, 1],
    ['^(ab)+$', 1, 1],
    [String.raw`^\(+[(*+]\*$`, 1, 1],
    ['^(?i)[[:alpha:]]+?$', 1, 1],
    ['^(?:ab){3}$', 0, 1],
  ])('%s', (pattern, degree, factor) => expect(stepsOf(pattern)).toEqual({ degree, factor }));

  it.each([
    '^(a+)+$',
    '^(a*)*b$',
    '^(a|a)*$',
    '(a?){40}a{40}',
    '^((ab?c)d)+$',
    '^(?:(?:a{1,5}))+$',
    String.raw`^\Q(a+)+\E`,
    String.raw`^\pL+$`,
    '^a?a?a?a?a?a?a?a?a?a?a?a?$',
  ])('%s is not for it', (pattern) => expect(stepsOf(pattern)).toBe(undefined));
});
