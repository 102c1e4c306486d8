import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../meta/freeze.ts';
import type { JsonObject, JsonValue } from '../meta/object.ts';
import {
  below,
  difference,
  emptyFieldSet,
  equalSets,
  type FieldSet,
  fieldSet,
  formatPath,
  fromFieldsV1,
  has,
  indexElement,
  intersect,
  isEmpty,
  keyElement,
  leaves,
  type PathElement,
  pathsOf,
  recursiveDifference,
  size,
  toFieldsV1,
  union,
  valueElement,
} from './fieldset.ts';

const scalar = fc.oneof(fc.constantFrom<JsonValue>('a', 'b', 'é', 1, 2, 10, true, false));
const element: fc.Arbitrary<string | PathElement> = fc.oneof(
  fc.constantFrom('spec', 'a', 'b', 'a.b/c', ''),
  fc.record({ name: scalar, port: scalar }, { requiredKeys: ['name'] }).map(keyElement),
  scalar.map(valueElement),
  fc.nat(3).map(indexElement),
);
const set: fc.Arbitrary<FieldSet> = fc
  .array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 8 })
  .map((paths) => fieldSet(...paths));

const check = <T>(property: fc.IProperty<T>): void => fc.assert(property, { numRuns: 300 });

describe('the algebra', () => {
  it('union is commutative, associative, idempotent and returns its first set when that holds the second', () => {
    check(
      fc.property(set, set, set, (a, b, c) => {
        expect(equalSets(union(a, b), union(b, a))).toBe(true);
        expect(equalSets(union(union(a, b), c), union(a, union(b, c)))).toBe(true);
        const both = union(a, b);
        expect(union(both, b)).toBe(both);
      }),
    );
  });

  it('difference and intersection part a set', () => {
    check(
      fc.property(set, set, (a, b) => {
        const left = difference(a, b);
        const shared = intersect(a, b);
        expect(equalSets(union(left, shared), a)).toBe(true);
        expect(isEmpty(intersect(left, b))).toBe(true);
        expect(equalSets(shared, intersect(b, a))).toBe(true);
        expect(equalSets(shared, difference(a, left))).toBe(true);
        expect(size(left) + size(shared)).toBe(size(a));
      }),
    );
  });

  it('a difference with what is not there is the set itself', () => {
    check(
      fc.property(set, set, (a, b) => {
        const left = difference(a, b);
        expect(difference(left, b)).toBe(left);
        expect(recursiveDifference(left, emptyFieldSet)).toBe(left);
      }),
    );
  });

  it('membership follows the operations path by path', () => {
    check(
      fc.property(set, set, (a, b) => {
        for (const path of pathsOf(union(a, b))) {
          expect(has(union(a, b), path)).toBe(has(a, path) || has(b, path));
          expect(has(intersect(a, b), path)).toBe(has(a, path) && has(b, path));
          expect(has(difference(a, b), path)).toBe(has(a, path) && !has(b, path));
          const covered = path.some((_, depth) => has(b, path.slice(0, depth + 1)));
          expect(has(recursiveDifference(a, b), path)).toBe(has(a, path) && !covered);
        }
      }),
    );
  });

  it('leaves are the members without members below', () => {
    check(
      fc.property(set, (a) => {
        for (const path of pathsOf(a)) expect(has(leaves(a), path)).toBe(isEmpty(below(a, path)));
      }),
    );
  });
});

describe('difference of parents and children', () => {
  const parent = fieldSet(['spec']);
  const child = fieldSet(['spec', 'replicas']);

  it('leaves either when the other is taken', () => {
    expect(difference(parent, child)).toBe(parent);
    expect(difference(child, parent)).toBe(child);
  });

  it('takes the children with the parent when recursive', () => {
    expect(isEmpty(recursiveDifference(child, parent))).toBe(true);
    expect(recursiveDifference(parent, child)).toBe(parent);
  });
});

describe('FieldsV1', () => {
  it('comes back as it was written', () => {
    check(
      fc.property(set, (a) => {
        const written = toFieldsV1(a);
        const copy = JSON.parse(JSON.stringify(written)) as JsonObject;
        expect(equalSets(fromFieldsV1(copy), a)).toBe(true);
        expect(JSON.stringify(toFieldsV1(fromFieldsV1(copy)))).toBe(JSON.stringify(written));
      }),
    );
  });

  it('is written in kube-apiserver’s order with canonical keys', () => {
    const text =
      '{"f:a":{},"f:é":{},"f:😀":{},"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:name":{}},' +
      '"k:{\\"name\\":\\"a\\"}":{},"k:{\\"name\\":\\"\\\\u003cb\\\\u003e\\"}":{},' +
      '"v:2":{},"v:10":{},"v:\\"a\\"":{},"v:true":{},"i:2":{},"i:10":{}}';
    const fields = JSON.parse(text) as JsonObject;
    const shuffled = Object.fromEntries(Object.entries(fields).reverse()) as JsonObject;
    const written = JSON.stringify(toFieldsV1(fromFieldsV1(shuffled)));
    expect(written.split('},"')).toEqual(JSON.stringify(toFieldsV1(fromFieldsV1(fields))).split('},"'));
    expect(Object.keys(JSON.parse(written) as JsonObject)).toEqual([
      'f:a',
      'f:é',
      'f:😀',
      'k:{"containerPort":80,"protocol":"TCP"}',
      'k:{"name":"\\u003cb\\u003e"}',
      'k:{"name":"a"}',
      'v:2',
      'v:10',
      'v:"a"',
      'v:true',
      'i:2',
      'i:10',
    ]);
  });

  it('brings keys with blanks or in another order to their canonical text', () => {
    const set = fromFieldsV1({ 'k:{"protocol": "TCP", "containerPort": 80}': {} });
    expect(toFieldsV1(set)).toEqual({ 'k:{"containerPort":80,"protocol":"TCP"}': {} });
  });

  it('reads an entry with nothing below as a member, and leaves out prefixes nobody knows', () => {
    const set = fromFieldsV1({ 'f:a': { 'f:b': {} }, 'f:c': { 'x:new': {} }, 'x:new': {} });
    expect(pathsOf(set).map(formatPath)).toEqual(['.c', '.a.b']);
  });

  it('gives the same set for the same object', () => {
    const fields = deepFreeze({ 'f:a': {} });
    expect(fromFieldsV1(fields)).toBe(fromFieldsV1(fields));
  });

  it.each([
    ['a key without a colon', { spec: {} }],
    ['a list key that is not JSON', { 'k:{name}': {} }],
    ['a list key that is no object', { 'k:[1]': {} }],
    ['an index that is no number', { 'i:x': {} }],
    ['a value that is no object', { 'f:spec': 1 }],
  ])('refuses %s', (_, fields: JsonObject) => {
    expect(() => fromFieldsV1(fields)).toThrow(RangeError);
  });
});

describe('paths', () => {
  const container = keyElement({ name: 'nginx' });

  it('read as in conflict messages', () => {
    const path = fieldSet(['spec', 'template', 'spec', 'containers', container, 'image']);
    expect(pathsOf(path).map(formatPath)).toEqual(['.spec.template.spec.containers[name="nginx"].image']);
    const others = fieldSet(
      ['ports', keyElement({ protocol: 'TCP', containerPort: 80 })],
      ['finalizers', valueElement('a"b\n\u200b')],
      ['list', indexElement(3)],
    );
    expect(pathsOf(others).map(formatPath)).toEqual([
      '.finalizers[="a\\"b\\n\\u200b"]',
      '.list[3]',
      '.ports[containerPort=80,protocol="TCP"]',
    ]);
  });

  it('come level by level: the members of a level before what lies below', () => {
    const set = fieldSet(['a', 'b'], ['b'], ['a', 'c', 'd'], ['a']);
    expect(pathsOf(set).map(formatPath)).toEqual(['.a', '.b', '.a.b', '.a.c.d']);
  });

  it('share one entry for one element', () => {
    expect(has(fieldSet(['a', container]), ['a', keyElement({ name: 'nginx' })])).toBe(true);
    expect(has(fieldSet(['a', container]), ['a'])).toBe(false);
    expect(has(emptyFieldSet, [])).toBe(false);
  });
});
