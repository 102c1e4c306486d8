import { describe, expect, it } from 'vitest';
import { jsonSyntaxError } from './syntax.ts';

describe('what Go says of a text that is no JSON', () => {
  // As encoding/json of Go 1.24 says it.
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['{"a"', 'unexpected end of JSON input'],
    ['[1,', 'unexpected end of JSON input'],
    ['"a', 'unexpected end of JSON input'],
    ['tru', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['"a\nb"', String.raw`invalid character '\n' in string literal`],
    ['"\u0001"', String.raw`invalid character '\x01' in string literal`],
    [String.raw`"\q"`, "invalid character 'q' in string escape code"],
    [String.raw`"\u12g4"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
    ['trxe', "invalid character 'x' in literal true (expecting 'u')"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ["{'a':1}", String.raw`invalid character '\'' looking for beginning of object key string`],
    ['{"a":[1,{"b":é}]}', "invalid character 'Ã' looking for beginning of value"],
  ])('%j', (text, message) => {
    expect(jsonSyntaxError(text)).toBe(message);
  });

  it('finds nothing in what is right, however deep', () => {
    expect(jsonSyntaxError(' {"a":[1,-2.5e+3,true,false,null,{"b":"\\u00e9\\n"}],"c":{}} ')).toBeUndefined();
    expect(jsonSyntaxError('['.repeat(100_000) + ']'.repeat(100_000))).toBeUndefined();
  });
});
