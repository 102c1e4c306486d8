import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '../meta/freeze.ts';
import { applyMergePatch, createMergePatch, createThreeWayMergePatch } from './merge.ts';

describe('applying', () => {
  test('null deletes, objects merge, lists and scalars replace', () => {
    const document = deepFreeze({ a: 1, b: { c: 1, d: 2 }, e: [1, 2], f: 'x' });
    expect(applyMergePatch(document, { a: null, b: { c: null, g: 3 }, e: [3], gone: null })).toEqual({
      b: { d: 2, g: 3 },
      e: [3],
      f: 'x',
    });
  });

  test('nulls in what is added are left out', () => {
    expect(applyMergePatch<unknown>({}, { a: { b: null, c: 1 }, d: [{ e: null }, null] })).toEqual({
      a: { c: 1 },
      d: [{}, null],
    });
  });

  test('nothing changes: the same document, and what does not change is shared', () => {
    const document = deepFreeze({ a: { b: 1 }, c: { d: 1 } });
    expect(applyMergePatch(document, { a: { b: 1 }, gone: null })).toBe(document);
    expect(applyMergePatch(document, { a: { b: 2 } }).c).toBe(document.c);
  });

  test('a patch that is no object is refused', () => {
    for (const patch of [[], null, 'x', 1]) expect(() => applyMergePatch({}, patch)).toThrow('Invalid JSON Patch');
  });

  test('__proto__ is a key like any other', () => {
    const patched = applyMergePatch<Record<string, unknown>>({}, JSON.parse('{"__proto__": {"a": 1}}'));
    expect(Object.keys(patched)).toEqual(['__proto__']);
    expect(patched.a).toBeUndefined();
  });
});

const key = fc.constantFrom('a', 'b', 'c');
const { object } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(1, 2, 'x', true),
    fc.array(fc.constantFrom(1, 'x'), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));

test('applying the made patch gives the wanted document', () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      deepFreeze(from);
      deepFreeze(to);
      expect(applyMergePatch(from, createMergePatch(from, to))).toEqual(to);
    }),
  );
});

describe('three ways', () => {
  test('changes against what is live, deletions against what was applied', () => {
    const lastApplied = { spec: { a: 1, b: 2 } };
    const modified = { spec: { a: 1, c: 3 } };
    const current = { spec: { a: 9, b: 2, others: true }, status: 'kept' };
    const patch = createThreeWayMergePatch(lastApplied, modified, current);
    expect(patch).toEqual({ spec: { a: 1, b: null, c: 3 } });
    expect(applyMergePatch(current, patch)).toEqual({ spec: { a: 1, c: 3, others: true }, status: 'kept' });
  });

  test('without a last applied configuration nothing is deleted', () => {
    expect(createThreeWayMergePatch(undefined, { a: 1 }, { a: 1, b: 2 })).toEqual({});
  });

  test('what was applied and is live unchanged becomes what is applied now', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const patch = createThreeWayMergePatch(before, after, before);
        expect(applyMergePatch(before, patch)).toEqual(after);
      }),
    );
  });
});
