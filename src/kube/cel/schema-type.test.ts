import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../meta/object.ts';
import type { Schema } from '../schema/schema.ts';
import { celEnvironment } from './environment.ts';
import { celMaxCardinality, celTypeOf, celValueOf, celValueOfJson, jsonOfCel } from './schema-type.ts';
import { celTypes, formatType } from './types.ts';

const evaluate = (schema: Schema, json: JsonValue, text: string, options = {}) => {
  const environment = celEnvironment({ variables: { self: celTypeOf(schema, options)! } });
  return environment.compile(text).evaluate({ self: celValueOf(json, schema, options) }).value;
};

describe('types of schemas', () => {
  test('a whole object has its type and name whatever the schema says', () => {
    const schema: Schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { n: { type: 'integer' } } } },
    };
    const object = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a', labels: {} }, spec: { n: 1 } };
    expect(evaluate(schema, object, 'self.kind + self.metadata.name', { resource: true })).toBe('Aa');
    expect(() => evaluate(schema, object, 'self.kind')).toThrow("undefined field 'kind'");
    expect(() => evaluate(schema, object, 'self.metadata.labels', { resource: true })).toThrow(
      "undefined field 'labels'",
    );
  });

  test('what nothing is known of is not seen', () => {
    expect(celTypeOf({ preserveUnknownFields: true })).toBeUndefined();
    expect(celTypeOf({ type: 'array', items: { preserveUnknownFields: true } })).toBeUndefined();
    expect(formatType(celTypeOf({ type: 'array', items: { type: 'string' } })!)).toBe('list(string)');
  });

  test('a schema may contain itself', () => {
    const schema: { type: 'object'; properties: Record<string, Schema>; required: string[] } = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
    };
    schema.properties.child = schema;
    expect(evaluate(schema, { n: 1, child: { n: 2, child: { n: 3 } } }, 'self.child.child.n')).toBe(3);
  });

  test('cardinality follows the smallest size', () => {
    expect(celMaxCardinality(celTypeOf({ type: 'integer' })!)).toBe(1_572_864);
    expect(
      celMaxCardinality(celTypeOf({ type: 'object', required: ['a'], properties: { a: { type: 'string' } } })!),
    ).toBe(314_572);
  });
});

describe('JSON', () => {
  const json = { text: 'a', int: 3, double: 0.5, list: [1, [true, null]], map: { a: {} } };

  test('goes in and comes back as it was', () => expect(jsonOfCel(celValueOfJson(json))).toEqual(json));

  test('what an expression makes can be written', () => {
    const { compile } = celEnvironment({ variables: { self: celTypes.dyn } });
    const whole = compile("[dyn(self.int), dyn(2u), dyn(0.5), dyn(duration('90s')), dyn(b'hi'), dyn(self.map)]");
    expect(jsonOfCel(whole.evaluate({ self: celValueOfJson(json) }).value)).toEqual([
      3,
      2,
      0.5,
      '90s',
      'aGk=',
      { a: {} },
    ]);
  });

  test('names of the prototype are no fields', () => {
    const { compile } = celEnvironment({ variables: { self: celTypes.dyn } });
    const self = celValueOfJson({ a: 1 });
    expect(compile('has(self.constructor) || has(self.__proto__) || "toString" in self').evaluate({ self }).value).toBe(
      false,
    );
  });
});
