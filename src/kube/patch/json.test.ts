import { describe, expect, test } from 'vitest';
import { deepFreeze } from '../meta/freeze.ts';
import { StatusError } from '../status/status.ts';
import { applyJsonPatch } from './json.ts';

const document = deepFreeze({ a: 1, list: ['x', 'y'], nested: { 'b/c': 1, 'd~e': 2, nothing: null } });
const patched = (...operations: readonly object[]) => applyJsonPatch<unknown>(document, operations);

describe('operations', () => {
  test.each([
    ['add a member', { op: 'add', path: '/b', value: 2 }, { ...document, b: 2 }],
    ['add without a value', { op: 'add', path: '/b' }, { ...document, b: null }],
    ['insert an item', { op: 'add', path: '/list/1', value: 'n' }, { ...document, list: ['x', 'n', 'y'] }],
    ['append an item', { op: 'add', path: '/list/-', value: 'n' }, { ...document, list: ['x', 'y', 'n'] }],
    ['count from the end', { op: 'add', path: '/list/-1', value: 'n' }, { ...document, list: ['x', 'y', 'n'] }],
    ['remove', { op: 'remove', path: '/list/0' }, { ...document, list: ['y'] }],
    [
      'escaped keys',
      { op: 'replace', path: '/nested/b~1c', value: 5 },
      { ...document, nested: { ...document.nested, 'b/c': 5 } },
    ],
    ['replace adds', { op: 'replace', path: '/new', value: 5 }, { ...document, new: 5 }],
    ['replace all', { op: 'replace', path: '', value: {} }, {}],
    [
      'move',
      { op: 'move', from: '/a', path: '/nested/a' },
      { list: document.list, nested: { ...document.nested, a: 1 } },
    ],
    ['copy', { op: 'copy', from: '/nested/d~0e', path: '/a' }, { ...document, a: 2 }],
    ['test', { op: 'test', path: '/list', value: ['x', 'y'] }, document],
    ['test of what is not there', { op: 'test', path: '/gone', value: null }, document],
  ])('%s', (_, operation, expected) => expect(patched(operation)).toEqual(expected));

  test('what does not change is shared', () => {
    expect((patched({ op: 'add', path: '/b', value: 1 }) as typeof document).nested).toBe(document.nested);
    expect(patched({ op: 'test', path: '/a', value: 1 })).toBe(document);
  });
});

describe('failures say why in their cause', () => {
  const failureOf = (operations: unknown): StatusError => {
    try {
      applyJsonPatch(document, operations);
    } catch (error) {
      if (error instanceof StatusError) return error;
    }
    throw new Error('expected a StatusError');
  };

  test.each([
    [{ op: 'test', path: '/a', value: 2 }, 'testing value /a failed: test failed'],
    [
      { op: 'remove', path: '/gone' },
      "error in remove for path: '/gone': Unable to remove nonexistent key: gone: missing value",
    ],
    [
      { op: 'add', path: '/gone/x', value: 1 },
      'add operation does not apply: doc is missing path: "/gone/x": missing value',
    ],
    [
      { op: 'add', path: '/list/5', value: 1 },
      "error in add for path: '/list/5': Unable to access invalid index: 5: invalid index referenced",
    ],
    [
      { op: 'replace', path: '/list/5', value: 1 },
      'replace operation does not apply: doc is missing key: /list/5: missing value',
    ],
    [
      { op: 'add', path: '/list/z', value: 1 },
      "error in add for path: '/list/z': value was not a proper array index: 'z': strconv.Atoi: parsing \"z\": invalid syntax",
    ],
    [{ op: 'frob', path: '/a' }, 'Unexpected kind: frob'],
    [{ path: '/a' }, 'Unexpected kind: unknown'],
    [{ op: 'add', value: 1 }, 'add operation failed to decode path: missing value'],
  ])('%j', (operation, why) => {
    const error = failureOf([operation]);
    expect(error.reason).toBe('Invalid');
    expect(error.code).toBe(422);
    expect(error.message).toBe('the server rejected our request due to an error in our request');
    expect(error.status.details?.causes?.[0]?.message).toBe(why);
  });

  test('what is no patch is a bad request', () => {
    expect(failureOf({}).message).toBe(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
    expect(failureOf(['x']).message).toBe(
      'error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp',
    );
    expect(failureOf({}).code).toBe(400);
  });

  test('too many operations', () => {
    const error = failureOf(Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 })));
    expect(error.code).toBe(413);
    expect(error.message).toBe('The allowed maximum operations in a JSON patch is 10000, got 10001');
  });

  test('copies cannot double the document without end', () => {
    const doubling = Array.from({ length: 60 }, () => ({ op: 'copy', from: '', path: '/again' }));
    doubling[0] = { op: 'copy', from: '/list', path: '/again' };
    const operations = doubling.map((each, index) => ({ ...each, from: '/nested', path: `/nested/n${index}` }));
    expect(failureOf(operations).status.details?.causes?.[0]?.message).toContain('Unable to complete the copy');
  });
});
