import { describe, expect, test } from 'vitest';
import { evaluateJsonPath, parseJsonPath, printJsonPath } from './jsonpath.ts';

const list = {
  kind: 'List',
  n: 3,
  f: 1.5,
  nothing: null,
  items: [
    { name: 'a', v: 1, tags: ['x', 'y'], m: { 'k.l/m': 'v', z: '<&>' } },
    { name: 'b', v: 2, tags: [], on: true },
    { name: "c)'", v: 3 },
  ],
};

describe('templates print as kubectl prints them', () => {
  test.each([
    ['plain', 'plain'],
    ['{.kind}/{.n} {.f}', 'List/3 1.5'],
    ['{.items[*].name}', "a b c)'"],
    ['{.items[-1].name}', "c)'"],
    ['{.items[0:2].v}', '1 2'],
    ['{.items[::2].v}', '1 3'],
    ['{.items[0,2].v}', '1 3'],
    ["{.items[0]['name','v']}", 'a 1'],
    ["{.items[0].m['k\\.l/m']}", 'v'],
    ['{.items[0].m.k\\.l/m}', 'v'],
    ['{.items[?(@.v>1)].name}', "b c)'"],
    ['{.items[?(@.name=="a")].v}', '1'],
    ['{.items[?(@.name=="c)\'")].v}', '3'],
    ['{.items[?(@.on)].name}', 'b'],
    ['{.items[?(@.on==true)].name}', 'b'],
    ['{range .items[*]}{.name}{"\\t"}{.v}{"\\n"}{end}', "a\t1\nb\t2\nc)'\t3\n"],
    ['{range .items[*]}[{range .tags[*]}({@}){end}]{end}.', '[(x)(y)][][].'],
    ['{..name}', "a b c)'"],
    ['{.items[0].m}', '{"k.l/m":"v","z":"\\u003c\\u0026\\u003e"}'],
    ['{.items[0].tags}', '["x","y"]'],
    ['{.nothing}', 'null'],
    ['{.gone.x[0]}', ''],
    ["{'it\\'s'}", "it's"],
  ])('%s', (template, text) => expect(printJsonPath(template, list)).toBe(text));
});

describe('errors', () => {
  test.each([
    ['{.items', 'unclosed action'],
    ['{.items[0}', 'unterminated array'],
    ['{.items[x]}', 'invalid array index x'],
    ['{.items[?(@.v>1]}', 'unterminated filter'],
    ['{"a', 'unterminated quoted string'],
    ['{foo}', 'unrecognized identifier foo'],
    ['{#}', "unrecognized character in action: U+0023 '#'"],
    ['{end}', 'not in range, nothing to end'],
    ['{....}', 'invalid multiple recursive descent'],
  ])('template %s', (template, message) =>
    expect(() => printJsonPath(template, list)).toThrow(new SyntaxError(message)),
  );

  test.each([
    ['{.items[5]}', 'array index out of bounds: index 5, length 3'],
    ['{.items[2:1]}', 'starting index 2 is greater than ending index 1'],
    ['{.kind[0]}', 'string is not array or slice'],
    ['{.items[?(@.v>"1")]}', 'incompatible types for comparison'],
  ])('value %s', (template, message) => expect(() => printJsonPath(template, list)).toThrow(new RangeError(message)));
});

describe('one path', () => {
  test.each(['.items[1].v', '{.items[1].v}', 'items[1].v', '$.items[1].v'])('%s', (text) =>
    expect(evaluateJsonPath(parseJsonPath(text), list)).toEqual([2]),
  );
  test('what is not there or does not fit gives nothing', () => {
    for (const text of ['.gone', '.items[9]', '.kind[0]', '.nothing.x']) {
      expect(evaluateJsonPath(parseJsonPath(text), list)).toEqual([]);
    }
  });
  test('inherited members are not there', () => {
    expect(evaluateJsonPath(parseJsonPath('.constructor'), {})).toEqual([]);
  });
  test('a template is no path', () => {
    expect(() => parseJsonPath('{.a}{.b}')).toThrow(SyntaxError);
    expect(() => parseJsonPath('.a}')).toThrow(SyntaxError);
  });
});
