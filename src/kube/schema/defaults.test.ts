/** Structural defaulting: where defaults go, and that nothing is copied without need. */
import { describe, expect, test } from 'vitest';
import { array, int32, map, nullable, object, string, withDefault } from './build.ts';
import { applyDefaults } from './defaults.ts';
import type { Schema } from './schema.ts';

const port = object({ number: int32(), protocol: withDefault(string(), 'TCP') });
const schema = object({
  kind: withDefault(string(), 'Ship'),
  ports: array(port),
  byName: map(port),
  nested: withDefault(object({ depth: withDefault(int32(), 3) }), {}),
  maybe: withDefault(nullable(string()), 'x'),
  plain: string(),
});

describe('applyDefaults', () => {
  test('fills absent fields, also inside a default', () => {
    expect(applyDefaults(schema, {})).toEqual({ kind: 'Ship', nested: { depth: 3 }, maybe: 'x' });
  });

  test('reaches into lists and maps', () => {
    expect(applyDefaults(schema, { ports: [{ number: 1 }], byName: { http: {} } })).toMatchObject({
      ports: [{ number: 1, protocol: 'TCP' }],
      byName: { http: { protocol: 'TCP' } },
    });
  });

  test('null counts as absent unless the schema allows it', () => {
    expect(applyDefaults(schema, { kind: null, maybe: null, plain: null })).toMatchObject({
      kind: 'Ship',
      maybe: null,
      plain: null,
    });
  });

  test('a null item becomes the item default', () => {
    const list = array(withDefault(object({ a: withDefault(string(), 'b') }), {}));
    expect(applyDefaults(list, [null, { a: 'c' }])).toEqual([{ a: 'b' }, { a: 'c' }]);
  });

  test('leaves what is complete, and what is untouched, as it is', () => {
    const complete = applyDefaults(schema, { ports: [{ number: 1, protocol: 'UDP' }] });
    expect(applyDefaults(schema, complete)).toBe(complete);
    const ports = [{ number: 1, protocol: 'UDP' }];
    expect(applyDefaults(schema, { ports }).ports).toBe(ports);
    expect(applyDefaults(schema, 'not an object')).toBe('not an object');
  });

  test('a schema may contain itself', () => {
    const properties: Record<string, Schema> = { name: { type: 'string', default: 'n' } };
    const tree: Schema = { type: 'object', properties };
    properties.child = tree;
    expect(applyDefaults(tree, { child: { child: {} } })).toEqual({
      name: 'n',
      child: { name: 'n', child: { name: 'n' } },
    });
  });
});
