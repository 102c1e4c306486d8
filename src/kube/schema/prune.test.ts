/** Pruning: what goes, what stays, and what is said about it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyValue, array, embeddedObject, map, object, rawObject, string } from './build.ts';
import { withEnvelope } from './metadata.ts';
import { prune, pruneCustom } from './prune.ts';

const schema = object({
  name: string(),
  items: array(object({ a: string() })),
  labels: map(string()),
  raw: rawObject(),
  any: anyValue(),
  open: object({ known: object({ a: string() }) }, { preserveUnknownFields: true }),
  template: { ...embeddedObject(), preserveUnknownFields: false, properties: { spec: object({ a: string() }) } },
});

describe('prune', () => {
  test('answers the same reference when all is known', () => {
    const value = { name: 'x', items: [{ a: '1' }], labels: { anything: 'goes' }, raw: { a: { b: 1 } }, any: [1] };
    expect(prune(schema, value)).toEqual({ value, unknown: [] });
    expect(prune(schema, value).value).toBe(value);
  });

  test('names what it takes away, with indexes and keys', () => {
    const value = { name: 'x', extra: 1, items: [{ a: '1' }, { a: '2', b: { c: 1 } }], labels: { app: '1' } };
    const pruned = prune(schema, value);
    expect(pruned.unknown).toEqual(['extra', 'items[1].b']);
    expect(pruned.value).toEqual({ name: 'x', items: [{ a: '1' }, { a: '2' }], labels: { app: '1' } });
    expect(pruned.value.items![0]).toBe(value.items[0]);
    expect(value).toHaveProperty('extra');
  });

  test('prunes known fields inside what is otherwise preserved', () => {
    const pruned = prune(schema, { open: { unknown: 1, known: { a: '1', b: 2 } } });
    expect(pruned).toEqual({ value: { open: { unknown: 1, known: { a: '1' } } }, unknown: ['open.known.b'] });
  });

  test('an embedded object has an envelope of its own', () => {
    const template = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', colour: 1 },
      spec: { a: '1' },
      status: {},
    };
    expect(prune(schema, { template }).unknown).toEqual(['template.metadata.colour', 'template.status']);
  });

  test('an object that says nothing about its fields keeps none', () => {
    expect(prune(object({ empty: object({}) }), { empty: { a: 1 } }).unknown).toEqual(['empty.a']);
  });

  test('names that every object inherits are fields like others', () => {
    expect(prune(schema, JSON.parse('{"constructor": 1, "__proto__": {"a": 1}}'))).toEqual({
      value: {},
      unknown: ['constructor', '__proto__'],
    });
  });

  test('the envelope is known where a body leaves it out', () => {
    const object = { apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a', ownerReferences: [{ uid: '1', x: 1 }] } };
    expect(prune(withEnvelope({ type: 'object' }), object).unknown).toEqual(['metadata.ownerReferences[0].x']);
  });
});

describe('what was pruned before', () => {
  const scalar = fc.oneof(fc.constantFrom('1', 'x', 2), fc.constant(null));
  const fields = (...names: readonly string[]) =>
    fc.dictionary(fc.constantFrom(...names, 'constructor', 'extra'), scalar, { maxKeys: 4 });
  const value = fc.record(
    {
      name: scalar,
      extra: scalar,
      items: fc.array(fields('a', 'b'), { maxLength: 3 }),
      labels: fields('app'),
      open: fc.record({ known: fields('a', 'b'), unknown: scalar }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );

  test.each([
    ['built in', prune],
    ['custom', pruneCustom],
  ])('changes nothing of what is found in what comes after, of what is %s', (_what, pruning) => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const known = pruning(schema, before).value;
        const mixed = { ...known, ...after };
        expect(pruning(schema, mixed, known)).toEqual(pruning(schema, mixed));
      }),
    );
  });
});
