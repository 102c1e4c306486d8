/** A patch does what its operations do one after another, and leaves the document it was given alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../meta/object.ts';
import { applyJsonPatch } from './json.ts';

const keys = fc.constantFrom('a', 'b', '0', '1', '-', '__proto__');
const path = fc.array(keys, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
const value = fc.constantFrom<JsonValue>(1, 'x', null, {}, [], { a: [1, { b: 2 }] }, [{ a: 1 }, [2]]);
const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path, value }),
  fc.record({ op: fc.constant('remove'), path }),
  fc.record({ op: fc.constantFrom('copy', 'move'), path, from: path }),
);
const document = fc.constantFrom<JsonValue>(
  { a: { a: [1, 2], b: { a: {} } }, b: [{ a: 1 }, [3, 4]] },
  { '0': [[], {}] },
);

/** What comes of it: the document, or why not. */
function outcome(run: () => unknown): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return (
      (error as { status?: { details?: { causes?: { message: string }[] } } }).status?.details?.causes?.[0]?.message ??
      String(error)
    );
  }
}

test('together as one by one', () => {
  fc.assert(
    fc.property(document, fc.array(operation, { maxLength: 8 }), (given, operations) => {
      const before = JSON.stringify(given);
      const together = outcome(() => applyJsonPatch(given, operations));
      const apart = outcome(() => operations.reduce<JsonValue>((now, each) => applyJsonPatch(now, [each]), given));
      expect(together).toBe(apart);
      expect(JSON.stringify(given)).toBe(before);
    }),
    { numRuns: 3_000 },
  );
});

test('what is copied is two things afterwards', () => {
  const patch = [
    { op: 'add', path: '/a/x', value: 1 },
    { op: 'copy', from: '/a', path: '/b' },
    { op: 'add', path: '/a/y', value: 2 },
    { op: 'add', path: '/b/z', value: 3 },
  ];
  expect(applyJsonPatch({ a: {} }, patch)).toEqual({ a: { x: 1, y: 2 }, b: { x: 1, z: 3 } });
});

test('values of the patch itself stay as they were sent', () => {
  const value = { list: [1] };
  const patch = [
    { op: 'add', path: '/a', value },
    { op: 'add', path: '/a/list/-', value: 2 },
  ];
  expect(applyJsonPatch({}, patch)).toEqual({ a: { list: [1, 2] } });
  expect(value).toEqual({ list: [1] });
});
