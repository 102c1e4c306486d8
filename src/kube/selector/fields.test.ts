import { describe, expect, test } from 'vitest';
import { parseFieldSelector } from './fields.ts';

const fields = { 'metadata.name': 'web', 'status.phase': 'Running', odd: 'a,b=c\\d' };

describe('field selectors', () => {
  test.each([
    ['', true],
    ['metadata.name=web', true],
    ['metadata.name==web,status.phase!=Failed', true],
    ['metadata.name!=web', false],
    ['unknown=', true],
    ['odd=a\\,b\\=c\\\\d', true],
    [',', true],
    ['=', true],
  ])('%s: %s', (text, matches) => expect(parseFieldSelector(text).matches(fields)).toBe(matches));

  test('requirements are told to the caller', () => {
    expect(parseFieldSelector('b!=2,a==1').requirements).toEqual([
      { field: 'a', operator: '=', value: '1' },
      { field: 'b', operator: '!=', value: '2' },
    ]);
  });

  test.each([
    ['name', "invalid selector: 'name'; can't understand 'name'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\b', 'invalid field selector: invalid escape sequence: \\b'],
    ['a=\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('refuses %s', (text, message) => expect(() => parseFieldSelector(text)).toThrow(message));
});
