/** Schemas a CRD may not have, with kube-apiserver's words. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../meta/object.ts';
import { structuralCauses } from './structural.ts';

const texts = (props: JsonObject) =>
  structuralCauses(props, 'schema').map(({ field, message }) => `${field}: ${message}`);
const inSpec = (spec: JsonObject) => texts({ type: 'object', properties: { spec } });
const spec = 'schema.properties[spec]';

test.each<[string, JsonObject, string]>([
  ['no type', {}, `${spec}.type: Required value: must not be empty for specified object fields`],
  [
    'an unknown type',
    { type: 'text' },
    `${spec}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`,
  ],
  ['a list without items', { type: 'array' }, `${spec}.items: Required value: must be specified`],
  [
    'items without a type',
    { type: 'array', items: {} },
    `${spec}.items.type: Required value: must not be empty for specified array items`,
  ],
  ['a reference', { type: 'object', $ref: '#/x' }, `${spec}.$ref: Forbidden: $ref is not supported`],
  [
    'both kinds of fields',
    { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
    `${spec}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
  ],
  [
    'closed objects',
    { type: 'object', additionalProperties: false },
    `${spec}.additionalProperties: Forbidden: additionalProperties cannot be set to false`,
  ],
  [
    'unique items',
    { type: 'array', items: { type: 'string' }, uniqueItems: true },
    `${spec}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
  ],
  [
    'a pattern that is none',
    { type: 'string', pattern: '(' },
    `${spec}.pattern: Invalid value: "(": must be a valid regular expression`,
  ],
  [
    'a default of another type',
    { type: 'integer', default: 'a' },
    `${spec}.default: Invalid value: "string":  in body must be of type integer: "string"`,
  ],
  [
    'a keyed list without keys',
    { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' },
    `${spec}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
  ],
  [
    'a type inside anyOf',
    { type: 'object', anyOf: [{ type: 'object', required: ['a'] }] },
    `${spec}.anyOf[0].type: Forbidden: must be empty to be structural`,
  ],
  [
    'a field only anyOf knows',
    { type: 'object', anyOf: [{ properties: { a: { minLength: 1 } } }] },
    `${spec}.properties[a]: Required value: because it is defined in ${spec}.anyOf[0].properties[a]`,
  ],
])('%s', (_, props, text) => {
  expect(inSpec(props)).toEqual([text]);
});

test('the root is an object', () => {
  expect(texts({})).toEqual(['schema.type: Required value: must not be empty at the root']);
  expect(texts({ type: 'string' })).toEqual(['schema.type: Invalid value: "string": must be object at the root']);
});

test('keys of a keyed list are required or have a default', () => {
  const list = (item: JsonObject) =>
    inSpec({ type: 'array', items: item, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] });
  const properties = { name: { type: 'string' } };
  expect(list({ type: 'object', properties, required: ['name'] })).toEqual([]);
  expect(list({ type: 'object', properties })).toHaveLength(1);
  expect(list({ type: 'object' })).toEqual([
    `${spec}.x-kubernetes-list-map-keys[0]: Invalid value: "name": entries must all be names of item properties`,
  ]);
});

test('int-or-string and free-form fields need no type', () => {
  const anyOf = [{ type: 'integer' }, { type: 'string' }];
  expect(inSpec({ 'x-kubernetes-int-or-string': true, anyOf })).toEqual([]);
  expect(inSpec({ 'x-kubernetes-preserve-unknown-fields': true })).toEqual([]);
});
