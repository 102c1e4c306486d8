import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addQuantity,
  canonicalQuantity,
  compareQuantity,
  formatQuantity,
  milliValue,
  parseQuantity,
  quantityValue,
  subtractQuantity,
} from './quantity.ts';

describe('canonical forms are those of Go', () => {
  test.each([
    ['0.5', '500m'],
    ['100m', '100m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['0.5Ki', '512'],
    ['1025Mi', '1025Mi'],
    ['1e3', '1e3'],
    ['100e1', '1e3'],
    ['12E', '12E'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['9Ei', '9223372036854775807'],
    ['00', '0'],
    ['0Mi', '0'],
    ['128974848', '128974848'],
    // Kept as written: apimachinery does not rewrite what it takes for canonical.
    ['05', '05'],
    ['1.500', '1.500'],
    ['+5', '+5'],
    [' 5 ', '5'],
  ])('%s is %s', (text, canonical) => expect(canonicalQuantity(text)).toBe(canonical));

  test('JSON numbers', () => {
    expect(canonicalQuantity(2)).toBe('2');
    expect(canonicalQuantity(0.5)).toBe('500m');
    expect(canonicalQuantity(1e21)).toBe('1e21');
  });
});

describe('malformed', () => {
  test.each([
    ['', 'quantities must match the regular expression'],
    ['abc', 'quantities must match the regular expression'],
    ['1 Gi', 'quantities must match the regular expression'],
    ['1K', "unable to parse quantity's suffix"],
    ['1e', "unable to parse quantity's suffix"],
    ['1e1000000', 'unable to parse numeric part of quantity'],
  ])('%s', (text, message) => {
    expect(() => parseQuantity(text)).toThrow(RangeError);
    expect(() => parseQuantity(text)).toThrow(message);
  });
});

test('values round away from zero', () => {
  expect(quantityValue(parseQuantity('1100m'))).toBe(2);
  expect(quantityValue(parseQuantity('-1100m'))).toBe(-2);
  expect(milliValue(parseQuantity('0.0001'))).toBe(1);
  expect(milliValue(parseQuantity('2'))).toBe(2000);
  expect(quantityValue(parseQuantity('1Mi'))).toBe(1048576);
});

test('sums keep the format of what they started from', () => {
  const sum = (left: string, right: string) => formatQuantity(addQuantity(parseQuantity(left), parseQuantity(right)));
  expect(sum('100m', '900m')).toBe('1');
  expect(sum('1Gi', '1Gi')).toBe('2Gi');
  expect(sum('0', '1Gi')).toBe('1Gi');
  expect(sum('1', '1Ki')).toBe('1025');
  expect(formatQuantity(subtractQuantity(parseQuantity('1'), parseQuantity('100m')))).toBe('900m');
});

const quantity = fc
  .tuple(
    fc.integer({ min: -999_999, max: 999_999 }),
    fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'Ki', 'Mi', 'e3', 'e-2'),
  )
  .map(([digits, suffix]) => `${digits}${suffix}`);

test('a long text that is nearly a quantity is refused at once', () => {
  expect(() => parseQuantity(`${'1'.repeat(500_000)}x`)).toThrow('quantities must match');
});

describe('properties', () => {
  test('formatting and parsing again changes nothing', () => {
    fc.assert(
      fc.property(quantity, (text) => {
        const once = parseQuantity(text);
        const again = parseQuantity(formatQuantity(once));
        expect(compareQuantity(once, again)).toBe(0);
        expect(formatQuantity(again)).toBe(formatQuantity(once));
      }),
    );
  });

  test('subtracting what was added gives the amount back', () => {
    fc.assert(
      fc.property(quantity, quantity, (left, right) => {
        const [a, b] = [parseQuantity(left), parseQuantity(right)];
        expect(compareQuantity(subtractQuantity(addQuantity(a, b), b), a)).toBe(0);
      }),
    );
  });
});

test('digits without end are no quantity, and no work', () => {
  expect(() => parseQuantity('9'.repeat(1001))).toThrow('unable to parse numeric part of quantity');
  expect(() => parseQuantity(`0.${'9'.repeat(1001)}`)).toThrow('unable to parse numeric part of quantity');
  expect(formatQuantity(parseQuantity('9'.repeat(1000)))).toBe('9'.repeat(1000));
});
