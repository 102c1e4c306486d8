import { expect, test } from 'vitest';
import { fieldSet, keyElement, type PathElement, valueElement } from '#kube/fields/fieldset.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { putBack } from './put-back.ts';

const object = (spec: object): UnstructuredObject => ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, spec });
const item = (name: string) => keyElement({ name });

test.each<[string, object, object, readonly (readonly (string | PathElement)[])[], object]>([
  ['a value', { a: 1, b: 1 }, { a: 2, b: 2 }, [['spec', 'a']], { a: 2, b: 1 }],
  ['a value that was not there', { a: 1, b: 1 }, { b: 2 }, [['spec', 'a']], { b: 1 }],
  ['a value that is gone', { b: 1 }, { a: { c: 2, d: 3 }, b: 2 }, [['spec', 'a', 'c']], { a: { c: 2 }, b: 1 }],
  ['the last of a map that was not there', { a: { c: 1 }, b: 1 }, { b: 1 }, [['spec', 'a', 'c']], { b: 1 }],
  ['the last of a map that was empty', { a: { c: 1 } }, { a: {} }, [['spec', 'a', 'c']], { a: {} }],
  [
    'a field of an item',
    {
      list: [
        { name: 'x', v: 1 },
        { name: 'y', v: 1 },
      ],
    },
    { list: [{ name: 'y', v: 2 }] },
    [['spec', 'list', item('y'), 'v']],
    {
      list: [
        { name: 'x', v: 1 },
        { name: 'y', v: 2 },
      ],
    },
  ],
  [
    'an item that was not there',
    {
      list: [
        { name: 'x', v: 1 },
        { name: 'y', v: 1 },
      ],
    },
    { list: [{ name: 'y', v: 2 }] },
    [
      ['spec', 'list', item('x')],
      ['spec', 'list', item('x'), 'v'],
    ],
    { list: [{ name: 'y', v: 1 }] },
  ],
  [
    'an item that is gone',
    { list: [{ name: 'x', v: 1 }] },
    { list: [{ name: 'y', v: 2 }] },
    [
      ['spec', 'list', item('y'), 'name'],
      ['spec', 'list', item('y'), 'v'],
    ],
    {
      list: [
        { name: 'x', v: 1 },
        { name: 'y', v: 2 },
      ],
    },
  ],
  [
    'what a set had',
    { set: ['a', 'c'] },
    { set: ['a', 'b'] },
    ['b', 'c'].map((each) => ['spec', 'set', valueElement(each)]),
    { set: ['a', 'b'] },
  ],
])('%s', (_, now, before, paths, result) => {
  const live = object(now);
  expect(putBack(live, object(before), fieldSet(...paths))).toEqual(object(result));
  expect(live).toEqual(object(now));
});
