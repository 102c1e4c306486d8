/** Selectors against a matcher that knows nothing but their meaning, and against texts that mean nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { soaking } from '#harness/soak.ts';
import { StatusError } from '../status/status.ts';
import { parseFieldSelector } from './fields.ts';
import { parseLabelSelector } from './labels.ts';

const runs = { numRuns: soaking ? 50_000 : 500, seed: Number(process.env.FLOTILLA_SEED ?? 1) };

const key = fc.constantFrom('app', 'tier', 'example.com/role', 'in', 'notin', 'constructor', 'a');
const value: fc.Arbitrary<string> = fc.constantFrom('', 'web', 'db', 'in', 'notin', '1', '10', '3', 'A_b.c');
const space = fc.constantFrom('', ' ', '  ');

interface Requirement {
  readonly text: string;
  readonly holds: (labels: Readonly<Record<string, string>>) => boolean;
}

const has = (labels: Readonly<Record<string, string>>, name: string) => Object.hasOwn(labels, name);

const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.tuple(key, fc.constantFrom('=', '=='), value, space).map(([name, sign, wanted, gap]) => ({
    text: `${name}${gap}${sign}${gap}${wanted}`,
    holds: (labels: Readonly<Record<string, string>>) => has(labels, name) && labels[name] === wanted,
  })),
  fc.tuple(key, value, space).map(([name, other, gap]) => ({
    text: `${name}${gap}!=${gap}${other}`,
    holds: (labels: Readonly<Record<string, string>>) => !has(labels, name) || labels[name] !== other,
  })),
  fc
    .tuple(key, fc.array(value, { minLength: 1, maxLength: 3 }), fc.boolean(), space)
    .map(([name, values, not, gap]) => ({
      text: `${name} ${not ? 'notin' : 'in'}${gap}(${values.join(`${gap},${gap}`)})`,
      holds: (labels: Readonly<Record<string, string>>) =>
        not
          ? !has(labels, name) || !values.includes(labels[name]!)
          : has(labels, name) && values.includes(labels[name]!),
    })),
  fc.tuple(key, fc.boolean()).map(([name, not]) => ({
    text: not ? `!${name}` : name,
    holds: (labels: Readonly<Record<string, string>>) => has(labels, name) !== not,
  })),
  fc.tuple(key, fc.integer({ min: 0, max: 20 }), fc.boolean()).map(([name, bound, greater]) => ({
    text: `${name}${greater ? '>' : '<'}${bound}`,
    holds: (labels: Readonly<Record<string, string>>) => {
      if (!has(labels, name) || !/^-?\d+$/.test(labels[name]!)) return false;
      return greater ? Number(labels[name]) > bound : Number(labels[name]) < bound;
    },
  })),
);

const refusedOr = <T>(parse: () => T): T | undefined => {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError);
    expect((error as StatusError).code).toBe(400);
    return undefined;
  }
};

describe('label selectors', () => {
  test('match what their requirements say', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), fc.dictionary(key, value), (requirements, labels) => {
        const selector = parseLabelSelector(requirements.map(({ text }) => text).join(','));
        expect(selector.matches(labels)).toBe(requirements.every(({ holds }) => holds(labels)));
      }),
      runs,
    );
  });

  test('printed and read again mean the same', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), fc.dictionary(key, value), (requirements, labels) => {
        const selector = parseLabelSelector(requirements.map(({ text }) => text).join(','));
        const again = parseLabelSelector(selector.text);
        expect(again.text).toBe(selector.text);
        expect(again.matches(labels)).toBe(selector.matches(labels));
      }),
      runs,
    );
  });
});

test('texts that are no selectors are refused, and nothing worse', () => {
  const piece = fc.constantFrom(
    'a',
    'in',
    'notin',
    '(',
    ')',
    ',',
    '=',
    '==',
    '!=',
    '!',
    '<',
    '>',
    ' ',
    '\\',
    '\u0000',
    'ä',
    '__proto__',
    '9'.repeat(30),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      ),
      (text) => {
        refusedOr(() => parseLabelSelector(text).matches({ a: '1' }));
        refusedOr(() => parseFieldSelector(text).requirements.length);
      },
    ),
    runs,
  );
});
