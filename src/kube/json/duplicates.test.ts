import { describe, expect, it } from 'vitest';
import { duplicateMembers, duplicatesOf, faultsInOrder } from './duplicates.ts';

describe('members stated twice', () => {
  it.each([
    ['{}', []],
    ['{"a":1,"b":{"a":2}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"metadata":{"name":"x","name":"y"},"data":{"a":"1","a":"2"},"data":{}}', ['metadata.name', 'data.a', 'data']],
    ['{"spec":{"list":[{"a":1},{"a":1,"b":["a","a"],"a":2}]}}', ['spec.list[1].a']],
    ['{"a":"{\\"b\\":1,\\"b\\":2}","__proto__":1,"__proto__":2}', ['__proto__']],
    ['{ "a" : 1 ,\n "\\u0061" : 2 }', ['a']],
    ['[{"op":"add","op":"test"}]', ['[0].op']],
  ])('%s', (text, expected) => {
    expect(duplicateMembers(text)).toEqual(expected);
    expect(duplicatesOf(`${text}\n`, JSON.parse(text) as object)).toEqual(expected);
  });

  it('stand among those that are not known, of which each is told once and nothing inside', () => {
    const text = '{"a":1,"odd":{"x":1,"x":2},"b":[{"c":1,"c":2,"what":1}],"a":2,"odd":3}';
    expect(faultsInOrder(text, ['odd', 'b[0].what'])).toEqual([
      'unknown field "odd"',
      'duplicate field "b[0].c"',
      'unknown field "b[0].what"',
      'duplicate field "a"',
    ]);
  });
});
