/** kube-apiserver's texts for what a schema forbids. */
import { describe, expect, test } from 'vitest';
import {
  array,
  boolean,
  bytes,
  dateTime,
  enumeration,
  int32,
  intOrString,
  listMap,
  map,
  nullable,
  number,
  object,
  quantity,
  required,
  setOf,
  string,
} from './build.ts';
import { repeatedItems } from './check-unique.ts';
import type { Schema } from './schema.ts';
import { validateSchema } from './validate.ts';

/** `field: message` of every cause. */
const texts = (schema: Schema, value: unknown, path?: string) =>
  validateSchema(schema, value, path).map(({ field, message }) => `${field}: ${message}`);

const spec = (node: Parameters<typeof required>[0]) => object({ spec: object({ x: node }) });
const said = (node: Parameters<typeof required>[0], x: unknown) => texts(spec(node), { spec: { x } });

describe('types', () => {
  test.each([
    [int32(), 'a', 'Invalid value: "string": spec.x in body must be of type integer: "string"'],
    [int32(), [], 'Invalid value: "array": spec.x in body must be of type integer: "array"'],
    [int32(), null, 'Invalid value: "null": spec.x in body must be of type integer: "null"'],
    [int32(), true, 'Invalid value: "boolean": spec.x in body must be of type integer: "boolean"'],
    [int32(), 1.5, 'Invalid value: "number": spec.x in body must be of type integer: "number"'],
    [dateTime(), 1, 'Invalid value: "int64": spec.x in body must be of type date-time: "int64"'],
    [dateTime(), true, 'Invalid value: "": spec.x in body must be of type date-time: ""'],
    [string(), 1, 'Invalid value: "integer": spec.x in body must be of type string: "integer"'],
    [boolean(), {}, 'Invalid value: "object": spec.x in body must be of type boolean: "object"'],
    [array(string()), {}, 'Invalid value: "object": spec.x in body must be of type array: "object"'],
    [intOrString(), true, 'Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"'],
  ])('%j refuses %j', (node, value, text) => {
    expect(said(node, value)).toContain(`spec.x: ${text}`);
  });

  test.each([
    [number(), 1],
    [nullable(string()), null],
    [intOrString(), 8],
    [intOrString(), '25%'],
    [quantity(), '500m'],
    [quantity(), 2],
  ])('%j takes %j', (node, value) => {
    expect(said(node, value)).toEqual([]);
  });
});

describe('values', () => {
  test.each([
    [enumeration(['A', 'B']), 'X', 'Unsupported value: "X": supported values: "A", "B"'],
    [int32({ minimum: 1 }), 0, 'Invalid value: 0: spec.x in body should be greater than or equal to 1'],
    [int32({ maximum: 3 }), 4, 'Invalid value: 4: spec.x in body should be less than or equal to 3'],
    [int32({ minimum: 1, exclusiveMinimum: true }), 1, 'Invalid value: 1: spec.x in body should be greater than 1'],
    [int32({ multipleOf: 3 }), 4, 'Invalid value: 4: spec.x in body should be a multiple of 3'],
    [string({ minLength: 1 }), '', 'Invalid value: "": spec.x in body should be at least 1 chars long'],
    [string({ maxLength: 3 }), 'four', 'Too long: may not be more than 3 bytes'],
    [string({ pattern: '^a+$' }), 'b', 'Invalid value: "b": spec.x in body should match \'^a+$\''],
    [dateTime(), 'today', 'Invalid value: "today": spec.x in body must be of type date-time: "today"'],
    [bytes(), '!', 'Invalid value: "!": spec.x in body must be of type byte: "!"'],
    [array(string(), { minItems: 1 }), [], 'Invalid value: 0: spec.x in body should have at least 1 items'],
    [array(string(), { maxItems: 1 }), ['a', 'b'], 'Too many: 2: must have at most 1 item'],
    [map(string(), { maxProperties: 1 }), { a: '', b: '' }, 'Too many: 2: must have at most 1 item'],
    [map(string(), { minProperties: 1 }), {}, 'Invalid value: 0: spec.x in body should have at least 1 properties'],
  ])('%j refuses %j', (node, value, text) => {
    expect(said(node, value)).toEqual([`spec.x: ${text}`]);
  });

  test('characters are counted, not code units', () => {
    expect(said(string({ minLength: 3, maxLength: 3 }), '🚢🚢🚢')).toEqual([]);
    expect(said(string({ minLength: 3 }), '🚢🚢')).toHaveLength(1);
  });

  test("Go's patterns are understood", () => {
    expect(said(string({ pattern: '(?i)^[[:alpha:]]+\\z' }), 'aB')).toEqual([]);
    expect(said(string({ pattern: '^[a-z0-9\\-_]+$' }), 'a-b_c')).toEqual([]);
  });
});

describe('objects and lists', () => {
  test('required fields are named with their path', () => {
    const schema = object({ items: array(object({ name: required(string()) })) });
    expect(validateSchema(schema, { items: [{ name: 'a' }, {}] }, 'spec')).toEqual([
      { reason: 'FieldValueRequired', field: 'spec.items[1].name', message: 'Required value' },
    ]);
  });

  test('keys of maps are part of the path', () => {
    expect(texts(map(int32()), { a: 1, b: 'x' }, 'spec.hard')[0]).toMatch(/^spec\.hard\.b: /);
  });

  test('keyed lists and sets hold each item once', () => {
    const repeats = (schema: Schema, value: unknown) =>
      repeatedItems(object({ x: schema }), { x: value }).map(({ field, message }) => `${field}: ${message}`);
    const list = listMap(['name'], object({ name: required(string()), port: int32() }));
    expect(repeats(list, [{ name: 'a', port: 1 }, { name: 'b' }, { name: 'a', port: 2 }, { name: 'a' }])).toEqual([
      'x[2]: Duplicate value: {"name":"a"}',
    ]);
    expect(repeats(list, [{ name: 'a' }, 'b'])).toEqual([
      'x[1]: Invalid value: "b": must be an object for an array of list-type map',
    ]);
    expect(repeats(setOf(string()), ['a', 'b', 'a'])).toEqual(['x[2]: Duplicate value: "a"']);
    expect(repeats(array(setOf(string())), [['a'], ['b', 'b']])).toEqual(['x[1][1]: Duplicate value: "b"']);
  });
});

describe('combinations', () => {
  const needs = (name: string): Schema => ({ required: [name] });

  test('anyOf reports the rule and the nearest alternative', () => {
    expect(texts({ type: 'object', anyOf: [needs('a'), needs('b')] }, {}, 'spec')).toEqual([
      'spec: Invalid value: "": "" must validate at least one schema (anyOf)',
      'spec.a: Required value',
    ]);
  });

  test('oneOf wants exactly one', () => {
    const schema: Schema = { type: 'object', oneOf: [needs('a'), needs('b')] };
    expect(texts(schema, { a: 1 }, 'spec')).toEqual([]);
    expect(texts(schema, { a: 1, b: 1 }, 'spec')).toEqual([
      'spec: Invalid value: "": "" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ]);
    expect(texts(schema, {}, 'spec')[0]).toMatch(/Found none valid$/);
  });

  test('allOf and not', () => {
    expect(texts({ allOf: [needs('a'), needs('b')] }, { a: 1 }, 'spec')).toEqual([
      'spec.b: Required value',
      'spec: Invalid value: "": "" must validate all the schemas (allOf)',
    ]);
    expect(texts({ not: needs('a') }, { a: 1 }, 'spec')).toEqual([
      'spec: Invalid value: "": "" must not validate the schema (not)',
    ]);
  });
});

describe('updates', () => {
  const tight = object({
    a: string({ maxLength: 1 }),
    keyed: listMap(['name'], object({ name: required(string()), value: string({ maxLength: 1 }) })),
    list: array(string({ maxLength: 1 })),
  });
  const before = { a: 'long', keyed: [{ name: 'x', value: 'long' }], list: ['long'] };
  const changed = (change: object) =>
    validateSchema(tight, { ...before, ...change }, '', before).map(({ field }) => field);

  test('leave what has not changed as it is', () => {
    expect(changed({})).toEqual([]);
    expect(changed({ a: 'other' })).toEqual(['a']);
    expect(changed({ keyed: [{ name: 'y' }, { name: 'x', value: 'long' }] })).toEqual([]);
    expect(changed({ keyed: [{ name: 'y', value: 'long' }] })).toEqual(['keyed[0].value']);
    // Nobody can tell which item of a plain list was which.
    expect(changed({ list: ['long', 'b'] })).toEqual(['list[0]']);
  });
});

test('a schema may contain itself', () => {
  const properties: Record<string, Schema> = { name: { type: 'string' } };
  const tree: Schema = { type: 'object', properties };
  properties.child = tree;
  expect(texts(tree, { child: { child: { name: 1 } } })).toEqual([
    'child.child.name: Invalid value: "integer": child.child.name in body must be of type string: "integer"',
  ]);
});
