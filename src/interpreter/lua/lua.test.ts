/** Values at the border: what goes in comes out, unchanged parts as the very same references. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { LuaError, LuaSyntaxError } from './error.ts';
import { compile } from './lua.ts';

const run = (body: string, ...args: JsonValue[]) =>
  compile(`function main(a, b) ${body} end`, 'script').call('main', args);

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', annotations: {}, creationTimestamp: null, labels: { größe: 'groß' } },
  spec: {
    replicas: 2,
    template: {
      metadata: { creationTimestamp: null },
      spec: {
        affinity: {},
        securityContext: {},
        volumes: [],
        containers: [{ name: 'a', lifecycle: {}, args: ['--x', ''], resources: { limits: { cpu: '1' } }, ports: [] }],
      },
    },
  },
};

/** A change, what it is made to, what comes out, and the rule. */
const changes: readonly (readonly [string, JsonObject, JsonObject, string])[] = [
  ['a.x = {}', { x: { y: 1 } }, { x: {} }, 'an empty table where a map was is a map'],
  ['a.x = {}', { x: [1] }, { x: [] }, 'where a list was, a list'],
  ['a.x = {}', { z: 1 }, { z: 1 }, 'where nothing was, nothing, as in the reference'],
  ['a.x = {{}, {y = {}}}', {}, { x: [{}] }, 'also in lists'],
  ['a.x.y = nil', { x: { y: 1 } }, { x: {} }, 'a map emptied stays a map'],
  ['table.remove(a.x)', { x: [1] }, { x: [] }, 'a list emptied stays a list'],
  ['a.x[1] = 1', { x: {} }, { x: [1] }, 'an empty map can become a list'],
  ['a.x.k = 1', { x: [] }, { x: { k: 1 } }, 'an empty list a map'],
  ['table.insert(a.x, 3)', { x: [1, null] }, { x: [1, 3] }, 'nulls at the end of a list are free places'],
  ['a.x[1] = 2', { x: [1, null, 3] }, { x: [2, null, 3] }, 'nulls within a list stay'],
  ['a.x[1] = 2', { x: [1, null] }, { x: [2, null] }, 'nulls at its end, too'],
  ['a.b = a.n', { n: null }, { n: null }, 'null is nil'],
  ['a.s = "1" a.n = 1', {}, { s: '1', n: 1 }, 'strings and numbers stay apart'],
  ['a["1"] = "x"', {}, { 1: 'x' }, 'a string of digits is a name'],
];

describe('values that come back', () => {
  test('are the same reference when nothing was changed', () => {
    expect(run('return a', deployment)[0]).toBe(deployment);
    expect(run('local n = 0 for k, v in pairs(a.spec.template.spec) do n = n + 1 end return a', deployment)[0]).toBe(
      deployment,
    );
    expect(run('a.spec.replicas = 2 a.kind = "Deploy" .. "ment" return a', deployment)[0]).toBe(deployment);
    expect(run('a.x = 1 a.x = nil return a', deployment)[0]).toBe(deployment);
    expect(run('return a.metadata.labels["größe"], a', deployment)).toEqual(['groß', deployment]);
  });

  test('share what was not changed, and keep empty maps, empty lists, nulls and the order of keys', () => {
    const [result] = run('a.spec.replicas = b return a', deployment, 5) as [typeof deployment];
    expect(JSON.stringify(result)).toBe(JSON.stringify(deployment).replace('"replicas":2', '"replicas":5'));
    expect(result.metadata).toBe(deployment.metadata);
    expect(result.spec.template).toBe(deployment.spec.template);
  });

  test('keep them beside a change, too', () => {
    const [result] = run('a.spec.template.spec.containers[1].image = "x" return a', deployment) as [typeof deployment];
    expect(result.spec.template.spec).toEqual({
      ...deployment.spec.template.spec,
      containers: [{ ...deployment.spec.template.spec.containers[0], image: 'x' }],
    });
    expect(result.spec.template.metadata).toBe(deployment.spec.template.metadata);
  });

  test('keep what they are when they move from one object to another', () => {
    const observed = { spec: { empty: {}, none: [], list: [null, 1] } };
    const [result] = run('a.empty = b.spec.empty a.none = b.spec.none a.list = b.spec.list return a', {}, observed);
    expect(JSON.stringify(result)).toBe('{"empty":{},"none":[],"list":[null,1]}');
    expect((result as JsonObject).list).toBe(observed.spec.list);
  });

  test.each(changes)('%s of %j gives %j: %s', (change, given, expected, _rule) => {
    expect(JSON.stringify(run(`${change} return a`, given)[0])).toBe(JSON.stringify(expected));
  });

  test('any value is the same after any script that only looks', () => {
    const look = compile(
      `local function walk(v) if type(v) == "table" then for k, x in pairs(v) do walk(x) end end end
       function main(v) walk(v) return v end`,
      'walk',
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const [result] = look.call('main', [value as JsonValue]);
        expect(result).toBe(value);
      }),
      { seed: 7 },
    );
  });

  test('a copy made by a script equals what it copied, but for what Lua cannot tell', () => {
    const copy = compile(
      `local function copy(v) if type(v) ~= "table" then return v end
         local r = {} for k, x in pairs(v) do r[k] = copy(x) end return r end
       function main(v) return copy(v) end`,
      'copy',
    );
    const leaf = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('a', 'é', '語', '🚀', '\0', '"') }),
      fc.integer(),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        leaf,
        fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { minKeys: 1, maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (given) => {
        expect(copy.call('main', [given as JsonValue])[0]).toEqual(given);
      }),
      { numRuns: 50, seed: 7 },
    );
  });
});

describe('a program', () => {
  test('returns all results, nil as null', () => expect(run('return 1, nil, "x", nil')).toEqual([1, null, 'x', null]));

  test('says which functions it defines', () => {
    const program = compile('function GetReplicas() end local function hidden() end value = 1', 'x');
    expect(program.defines('GetReplicas')).toBe(true);
    for (const name of ['hidden', 'value', 'other']) expect(program.defines(name)).toBe(false);
  });

  test.each([
    ['function main() end', 'other', 'not found function other'],
    ['main = 5', 'main', 'main is not a function: number'],
    ['error("at start")', 'main', 'script:1: at start'],
    [
      'function main()\n\n  local x = nil\n  return x.spec.replicas end',
      'main',
      "script:4: attempt to index a non-table object(nil) with key 'spec'",
    ],
    ['function main() error({code = 5}) end', 'main', 'table'],
  ])('%j: %s fails', (source, name, message) => {
    expect(() => compile(source, 'script').call(name, [])).toThrow(LuaError);
    expect(() => compile(source, 'script').call(name, [])).toThrow(message);
  });

  test.each([
    ['function f()\n  local x = = 1\nend', 2, "script line:2(column:13) near '=':   syntax error: unexpected symbol"],
    [
      'function f()\n  if x then\n    return 1\nend',
      4,
      "script at EOF:   syntax error: 'end' expected (to close 'function' at line 1)",
    ],
    ['x = "abc\n"', 1, 'unterminated string'],
    ['x = [[abc\n', 1, 'unfinished long string'],
    ['\n\nbreak', 3, 'no loop to break'],
    ['function f() return ... end', 1, "cannot use '...' outside a vararg function"],
    ['f\n(x)', 2, 'ambiguous syntax'],
    ['x = 3x', 1, 'malformed number'],
    ['x = "\\q"', 1, 'Invalid escape sequence'],
    ['1 = x', 1, 'unexpected symbol'],
    ['f() = 1', 1, 'syntax error'],
    ['x = 1 ~ 2', 1, 'Invalid token'],
  ])('%j is refused at line %d', (source, line, message) => {
    let error: unknown;
    try {
      compile(source, 'script');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(LuaSyntaxError);
    expect(error).toMatchObject({ chunk: 'script', line });
    expect((error as Error).message).toContain(message);
  });

  test('knows the time it is given', () => {
    const program = compile('function main() return os.time(), os.date("!%Y-%m-%dT%H:%M:%SZ") end', 'x');
    expect(program.call('main', [], { now: Date.UTC(2026, 1, 3, 4, 5, 6) })).toEqual([
      1770091506,
      '2026-02-03T04:05:06Z',
    ]);
  });

  test('says in which line errors of a level are', () => {
    const source =
      'local function check()\n  error("wrong", 2)\nend\nfunction main()\n  local x = 1\n  check()\n  return x\nend';
    expect(() => compile(source, 'script').call('main', [])).toThrow('script:6: wrong');
  });

  test('reaches modules of the host, whose failures are its own', () => {
    const modules = {
      host: {
        double: ([x]: readonly JsonValue[]) => Number(x) * 2,
        fail: () => {
          throw new Error('host');
        },
      },
    };
    const program = compile('local h = require("host") function main() return h.double(4), pcall(h.fail) end', 'x');
    expect(program.call('main', [], { modules })).toEqual([8, false, 'x:1: host']);
    expect(() => program.call('main', [])).toThrow('x:1: module host not found');
  });
});
