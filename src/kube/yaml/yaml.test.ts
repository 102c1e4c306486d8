import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRepeatingYaml, parseYaml, parseYamlDocuments, toYaml } from './yaml.ts';

describe('scalars mean what they mean to kubectl', () => {
  test.each([
    ['yes', true],
    ['on', true],
    ['y', true],
    ['Off', false],
    ['NO', false],
    ['~', null],
    ['', null],
    ['Null', null],
    ['014', 12],
    ['-014', -12],
    ['0o14', 12],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['09', 9],
    ['1e3', 1000],
    ['.5', 0.5],
    ['5.', 5],
    ['1e400', '1e400'],
    ['12:30:45', '12:30:45'],
    ['2001-01-01', '2001-01-01'],
    ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
    ['1.5.2', '1.5.2'],
    ['"yes"', 'yes'],
    ["'014'", '014'],
    ['!!str 12', '12'],
    ['!!int "12"', 12],
    ['!!binary aGVsbG8=', 'hello'],
  ])('%s', (text, value) => expect(parseYaml(`k: ${text}`)).toEqual({ k: value }));

  test('keys too', () => expect(parseYaml('on: 1\n10: 2')).toEqual({ true: 1, 10: 2 }));
  test('merge keys', () =>
    expect(parseYaml('a: &x {b: 1}\nc:\n  <<: *x\n  d: 2')).toEqual({ a: { b: 1 }, c: { b: 1, d: 2 } }));
  test.each([
    ['b', { b: 2 }],
    ['y', { true: 2 }],
    ['8080', { 8080: 2 }],
    ['__proto__', JSON.parse('{"__proto__":2}')],
  ])('what merging brought may be stated again, once: %s', (key, value) => {
    const a = `a: &x {${key}: 1}\nc:\n`;
    for (const c of [`  <<: *x\n  ${key}: 2`, `  ${key}: 2\n  <<: *x`])
      expect(parseYaml(a + c)).toHaveProperty('c', value);
    expect(() => parseYaml(`${a}  <<: *x\n  ${key}: 2\n  ${key}: 2`)).toThrow(`key "${key}" already set in map`);
  });
  test('of several merged maps the first counts', () =>
    expect(parseYaml('a: [&x {1: a}, &y {1: b, 2: b}]\nc:\n  <<: [*x, *y]\n  2: c')).toHaveProperty('c', {
      1: 'a',
      2: 'c',
    }));
  test('a key named __proto__ is a key', () =>
    expect(Object.keys(parseYaml('__proto__: 1') as object)).toEqual(['__proto__']));
});

describe('documents', () => {
  test('empty ones are left out', () => {
    expect(parseYamlDocuments('---\na: 1\n---\n# nothing\n---\nb: 2\n---\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(parseYamlDocuments('')).toEqual([]);
  });
  test('one of several is the first', () => expect(parseYaml('a: 1\n---\nb: 2')).toEqual({ a: 1 }));
  test('none is null', () => expect(parseYaml('# only a comment\n')).toBe(null));
});

describe('errors name the line', () => {
  test.each([
    ['a: 1\na: 2', 'yaml: unmarshal errors:\n  line 2: key "a" already set in map'],
    ['a: {"b": 1, "b": 2}', 'yaml: unmarshal errors:\n  line 1: key "b" already set in map'],
    ['a: 1\nb: [', /^yaml: line 2: /],
    ['a:\n\tb: 1', /^yaml: line 2: /],
    ['a: *gone', /^yaml: line 1: .*gone/],
    ['a: .inf', 'json: unsupported value: .inf'],
    ['~: 1', /unsupported map key/],
    ['a: &a [*a]', 'yaml: anchor value contains itself'],
  ])('%j', (text, message) => {
    expect(() => parseYaml(text)).toThrow(SyntaxError);
    expect(() => parseYaml(text)).toThrow(message);
  });

  test('few letters cannot make a large value', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    expect(() => parseYaml(`l0: &l0 [x]\n${levels.join('\n')}`)).toThrow('yaml: document contains excessive aliasing');
  });
});

test('writing prints as kubectl does', () => {
  const value = {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    data: {
      b: 'yes',
      a10: '014',
      a2: '1e3',
      time: '12:30:45',
      date: '2001-01-01',
      none: '',
      tilde: '~',
      colon: 'a: b',
      hash: 'a #b',
      dash: '- x',
      quote: "it's",
      tab: 'a\tb',
      face: '\u{1f600}',
      y: 'plain text',
    },
    lines: { keep: 'a\n\n', clip: 'a\nb\n', strip: 'a\n b', indented: '  a\nb', trailing: 'a \nb' },
    list: [1, { x: 1, y: [] }, [true, [null]], {}],
    numbers: [1.5, 1e-7, 1234567.5, 1e20, 2 ** 53],
    long: `${'word '.repeat(20)}end`,
    gone: undefined,
  };
  expect(toYaml(value)).toBe(`apiVersion: v1
data:
  a2: "1e3"
  a10: "014"
  b: "yes"
  colon: 'a: b'
  dash: '- x'
  date: "2001-01-01"
  face: "\\U0001F600"
  hash: 'a #b'
  none: ""
  quote: it's
  tab: "a\\tb"
  tilde: "~"
  time: "12:30:45"
  "y": plain text
kind: ConfigMap
lines:
  clip: |
    a
    b
  indented: |2-
      a
    b
  keep: |+
    a

  strip: |-
    a
     b
  trailing: "a \\nb"
list:
- 1
- x: 1
  "y": []
- - true
  - - null
- {}
long: word word word word word word word word word word word word word word word word
  word word word word end
numbers:
- 1.5
- 1e-07
- 1.2345675e+06
- 1e+20
- 9007199254740992
`);
});

test('a key that is long or has lines stands by itself', () => {
  const key = 'k'.repeat(129);
  expect(toYaml({ [key]: { a: 1 }, 'x\ny': 2 })).toBe(`? ${key}\n: a: 1\n? |-\n  x\n  "y"\n: 2\n`.replace('"y"', 'y'));
});

test('what is written reads back as the same value', () => {
  const text = fc.string({
    unit: fc.constantFrom(...Array.from('ab: #-\n\'"\\,[]{}?!&*%@`|>~=1.0_\té')),
    maxLength: 60,
  });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom('yes', '014', '0x1', '1e3', '.5', 'null', '2001-01-01', 'word  word '.repeat(12)),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(text, fc.constantFrom('a1', 'a10')), tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (original) => {
      const wrapped = { value: original };
      expect(parseYaml(toYaml(wrapped))).toEqual(wrapped);
    }),
    { numRuns: 400 },
  );
});

describe('keys stated twice', () => {
  test.each([
    ['a: 1\nb: 2', { a: 1, b: 2 }, []],
    ['a: 1\nb:\n  c: 1\n  c: 2\na: 3\n', { a: 3, b: { c: 2 } }, ['line 4: key "c"', 'line 5: key "a"']],
    ['- {a: 1, b: 2, a: 3}\n- {a: 1}\n', [{ a: 3, b: 2 }, { a: 1 }], ['line 1: key "a"']],
    ['1: x\n1: y\n"1": z\n', { 1: 'z' }, ['line 2: key 1']],
    ['a:\n- 1\na:\n- 2\n---\nb: 1\nb: 2\n', { a: [2] }, ['line 4: key "a"']],
  ])('%j', (text, value, told) => {
    expect(parseRepeatingYaml(text)).toEqual({ value, repeated: told.map((each) => `${each} already set in map`) });
  });

  test('what is wrong otherwise is refused', () => expect(() => parseRepeatingYaml('a: [')).toThrow(SyntaxError));
});
