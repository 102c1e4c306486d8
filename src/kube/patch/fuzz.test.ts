/** Patches of any kind and shape: nothing but a StatusError comes of them, and neither document nor patch is changed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { soaking } from '#harness/soak.ts';
import { deepFreeze } from '../meta/freeze.ts';
import type { Schema } from '../schema/schema.ts';
import { StatusError } from '../status/status.ts';
import { applyJsonPatch } from './json.ts';
import { applyMergePatch, createMergePatch } from './merge.ts';
import { applyStrategicMergePatch, createStrategicPatch } from './strategic.ts';

const runs = { numRuns: soaking ? 50_000 : 400, seed: Number(process.env.FLOTILLA_SEED ?? 1) };

const names = [
  'a',
  'b',
  'items',
  'name',
  '__proto__',
  'constructor',
  'toString',
  '',
  'a/b',
  '~',
  '$patch',
  '$retainKeys',
];
const key = fc.constantFrom(...names);

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom('', 'a', 'replace', 'delete', 'merge'),
);

/** JSON as a parser makes it: `__proto__` is a name like any other. */
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc
      .array(fc.tuple(key, tie('json')), { maxLength: 4 })
      .map((entries) =>
        JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`),
      ),
  ),
}));
const object = json.filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const item: Schema = { type: 'object', properties: { name: { type: 'string' }, a: { type: 'string' } } };
const schema: Schema = {
  type: 'object',
  properties: {
    a: { type: 'object', additionalProperties: { type: 'string' } },
    b: { type: 'array', items: { type: 'string' }, patchStrategy: 'merge' },
    items: { type: 'array', items: item, patchStrategy: 'merge', patchMergeKey: 'name' },
  },
};

/** What comes of it, or the refusal's text. */
function outcomeOf(apply: () => unknown): unknown {
  try {
    return apply();
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

const text = (value: unknown) => JSON.stringify(value);

describe('patches made up at random', () => {
  test('JSON patch', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'items', '0', '-', '1', '~0', '~1', '__proto__', 'x'))
      .map((parts) => parts.map((part) => `/${part}`).join(''));
    const operation = fc.record(
      { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'), path, from: path, value: json },
      { requiredKeys: ['op'] },
    );
    fc.assert(
      fc.property(object, fc.oneof(fc.array(operation, { maxLength: 5 }), json), (document, patch) => {
        const before = text(document);
        outcomeOf(() => applyJsonPatch(deepFreeze(document), deepFreeze(patch)));
        expect(text(document)).toBe(before);
      }),
      runs,
    );
  });

  test('merge patch: never refused, and what a diff says leads from one to the other', () => {
    const withoutNulls = object.map(
      (value) => JSON.parse(text(value), (_key, each: unknown) => (each === null ? 'null' : each)) as object,
    );
    fc.assert(
      fc.property(withoutNulls, withoutNulls, object, (from, to, patch) => {
        const before = text(from);
        applyMergePatch(deepFreeze(from), deepFreeze(patch));
        expect(text(from)).toBe(before);
        expect(applyMergePatch(from, createMergePatch(from, deepFreeze(to)))).toEqual(to);
      }),
      runs,
    );
  });

  test('strategic merge patch', () => {
    fc.assert(
      fc.property(object, json, (document, patch) => {
        const before = text(document);
        outcomeOf(() => applyStrategicMergePatch(deepFreeze(document), deepFreeze(patch), schema));
        expect(text(document)).toBe(before);
        expect(({} as Record<string, unknown>).a).toBeUndefined();
      }),
      runs,
    );
  });

  test('a strategic diff leads from one document to the other', () => {
    const word = fc.constantFrom('x', 'y', 'z');
    const document = fc.record({
      a: fc.dictionary(fc.constantFrom('k', 'l', 'constructor'), word),
      b: fc.uniqueArray(word),
      items: fc.uniqueArray(fc.record({ name: fc.constantFrom('p', 'q', 'r'), a: word }), {
        selector: ({ name }) => name,
      }),
    });
    fc.assert(
      fc.property(document, document, (from, to) => {
        const patch = createStrategicPatch(deepFreeze(from), deepFreeze(to), schema);
        const result = applyStrategicMergePatch(from, patch, schema);
        expect(result.a).toEqual(to.a);
        expect([...result.b].sort()).toEqual([...to.b].sort());
        expect(result.items).toEqual(to.items);
        expect(createStrategicPatch(to, to, schema)).toEqual({});
      }),
      runs,
    );
  });
});
