import { describe, expect, it } from 'vitest';
import { duplicateMembers, duplicatesIn, noteDuplicates } from './duplicates.ts';

describe('members stated twice', () => {
  it.each([
    ['{}', []],
    ['{"a":1,"b":{"a":2}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"metadata":{"name":"x","name":"y"},"data":{"a":"1","a":"2"},"data":{}}', ['metadata.name', 'data.a', 'data']],
    ['{"spec":{"list":[{"a":1},{"a":1,"b":["a","a"],"a":2}]}}', ['spec.list[1].a']],
    ['{"a":"{\\"b\\":1,\\"b\\":2}","__proto__":1,"__proto__":2}', ['__proto__']],
    ['{ "a" : 1 ,\n "\\u0061" : 2 }', ['a']],
  ])('%s', (text, expected) => {
    expect(duplicateMembers(text)).toEqual(expected);
    const value = JSON.parse(text) as object;
    noteDuplicates(`${text}\n`, value);
    expect(duplicatesIn(value)).toEqual(expected);
  });
});
