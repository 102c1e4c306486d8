/** Scripts that loop, grow, recurse or reach for what is not theirs are stopped soon, and harm nobody. */
import { describe, expect, test } from 'vitest';
import { LuaError } from './error.ts';
import { kubeModules } from './kube.ts';
import { compile, type LuaOptions } from './lua.ts';
import { parse } from './parse.ts';

/** Far under the limits of production, so that the tests are fast; the limits themselves are the same code. */
const budget = { instructions: 200_000, bytes: 2_000_000 };

function failure(script: string, options: LuaOptions = { budget }): LuaError {
  try {
    compile(`function main() ${script}\nend`, 'hostile').call('main', [], options);
  } catch (error) {
    if (error instanceof LuaError) return error;
    throw error;
  }
  throw new Error('the script was not stopped');
}

/** Equal, but not one and the same. */
const longTexts = 'local a, b = ("x"):rep(1e5), ("x"):rep(1e5)';

const stopped: readonly (readonly [what: string, script: string, message: RegExp])[] = [
  ['endless while', 'while true do end', /instructions/],
  ['endless repeat', 'repeat until false', /instructions/],
  ['endless for', 'for i = 1, math.huge do end', /instructions/],
  ['for without step', 'for i = 2, 1, 0 do end', /instructions/],
  ['a costly condition', `while ${'1 + '.repeat(100)}1 do end`, /instructions/],
  ['endless tail calls', 'local function f() return f() end return f()', /instructions/],
  ['iterator without end', 'for x in function() return 1 end do end', /instructions/],
  ['pcall around a loop', 'while true do pcall(function() while true do end end) end', /instructions/],
  ['pcall within pcall', 'pcall(pcall, pcall, function() while true do end end) return 1', /instructions/],
  ['xpcall with a handler', 'xpcall(function() while true do end end, function() return 1 end)', /instructions/],
  ['rep', 'return ("x"):rep(1e9)', /memory/],
  ['rep of rep', 'local s = "x" for i = 1, 60 do s = s:rep(10) end return #s', /memory/],
  ['rep beyond numbers', 'return ("x"):rep(math.huge)', /memory/],
  ['concat growth', 'local s = "x" while true do s = s .. s end', /memory/],
  ['table growth', 'local t = {} while true do t[#t + 1] = {} end', /memory|instructions/],
  ['hash growth', 'local t, i = {}, 0 while true do i = i + 1 t["k" .. i] = true end', /memory|instructions/],
  [
    'gsub explosion',
    'local s = ("x"):rep(1000) while true do s = s:gsub("x", "xxxxxxxxxx") end',
    /memory|instructions/,
  ],
  ['gsub by function', 'return (("x"):rep(1000)):gsub("x", function() return ("y"):rep(10000) end)', /memory/],
  ['format width', 'local s = "x" while true do s = string.format("%s%s", s, s) end', /memory/],
  [
    'concat of a table',
    'local t = {} for i = 1, 1000 do t[i] = ("x"):rep(1000) end while true do table.concat(t) end',
    /memory/,
  ],
  ['backtracking', 'return (("a"):rep(300)):match(".-.-.-.-b")', /instructions/],
  ['backtracking stars', `return (("a"):rep(300)):find("${'a*'.repeat(20)}b")`, /instructions/],
  ['balance', 'local s = ("("):rep(50000) for i = 1, 100 do s:match("%b()", i) end', /instructions/],
  ['sort by a loop', 'table.sort({2, 1}, function() while true do end end)', /instructions/],
  [
    'next that starts anew',
    'local t = {} for i = 1, 1000 do t["k" .. i] = i end while true do next(t, "k999") next(t, "k998") end',
    /instructions/,
  ],
  ['sparse length', 'local t = {} for i = 1, 1000 do t[i * 2] = i end while true do local n = #t end', /instructions/],
  ['closures', 'local t = {} while true do t = function() return t end end', /memory|instructions/],
  ['varargs', 'local function f(...) return f(1, ...) end return f()', /instructions|memory/],
  [
    'unpack',
    'local t = {} for i = 1, 4000 do t[i] = i end while true do local a = {unpack(t)} end',
    /instructions|memory/,
  ],
  ['comparing long strings for equality', `${longTexts} while a == b do end`, /instructions/],
  ['looking for long keys', `${longTexts} local t = {[a] = 1} while t[b] do end`, /instructions/],
  ['setting long keys', `${longTexts} local t = {} while true do t[a] = 1 t[b] = 2 end`, /instructions/],
  ['long patterns', `${longTexts} while true do ("y"):find(a .. ".") end`, /instructions|memory/],
  [
    'passing on many arguments',
    'local function f(...) return f(...) end return f(("x"):rep(4000):byte(1, -1))',
    /instructions/,
  ],
  [
    'a long set at the end of a text',
    'local p = "[" .. ("a"):rep(1e5) .. "]" for i = 1, 1000 do (""):match(p) end',
    /instructions/,
  ],
  [
    'holes at the beginning of a table',
    'local t = {} for i = 1, 9000 do t[i] = 1 end for i = 1, 8999 do t[i] = nil end for i = 1, 1000 do next(t) end',
    /instructions/,
  ],
  [
    'pairs over holes',
    'local t = {} for i = 1, 9000 do t[i] = 1 end for i = 1, 8999 do t[i] = nil end for i = 1, 1000 do pairs(t)() end',
    /instructions/,
  ],
  ['a format of nothing but directives', 'return (("%%"):rep(1e5)):format()', /instructions/],
  ['large numbers in full', 'for i = 1, 9000 do ("%.99e"):format(1.7e-300) end', /instructions/],
  ['quoting what has to be quoted', 'local s = ("\\0"):rep(1e4) for i = 1, 25 do ("%q"):format(s) end', /instructions/],
  ['a date of nothing but directives', 'return os.date(("%c"):rep(5e4))', /instructions/],
  ['a replacement of nothing but directives', 'return string.gsub("x", "x", ("%%"):rep(1e5))', /instructions/],
  ['throwing and catching', 'for i = 1, 5000 do pcall(error, "x") end', /instructions/],
  [
    'asking far up for a line',
    'local function at(n) if n > 0 then local r = at(n - 1) return r end for i = 1, 2000 do pcall(error, "x", 250) end end at(200)',
    /instructions/,
  ],
  ['numbers in other bases', 'for i = 1, 15000 do tonumber("zz", 36) end', /instructions/],
  ['comparing long strings', 'local a, b = ("x"):rep(1e5), ("x"):rep(1e5) while a <= b do end', /instructions/],
  [
    'deep nesting of calls',
    `local f = pcall local t = {} for i = 1, 4900 do t[i] = pcall end return f(unpack(t))`,
    /./,
  ],
];

describe('hostile scripts are stopped', () => {
  test.each(stopped)('%s', (_what, script, message) => {
    const error = failure(script);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ chunk: 'hostile', line: 1 });
  });

  test('what stopped a script is told apart from what failed', () => {
    expect(failure('while true do end')).toMatchObject({ stopped: true });
    expect(failure('error("no")')).toMatchObject({ stopped: false, message: 'hostile:1: no' });
  });

  test('what a script says is cut', () => {
    for (const script of ['error(("x"):rep(1e5))', 'local x = nil return x[("x"):rep(1e5)]']) {
      expect(failure(script).message.length).toBeLessThan(1100);
    }
    expect(() => parse(`x = 1 "${'x'.repeat(100_000)}"`, 'long')).toThrow(/^.{1,200}$/);
  });

  test('the same script is stopped at the same place', () => {
    const script = 'local n = 0 while true do n = n + 1 print(n) end';
    const lines = (): string[] => {
      const printed: string[] = [];
      failure(script, { budget, print: (line) => printed.push(line) });
      return printed;
    };
    expect(lines().at(-1)).toBe(lines().at(-1));
    expect(lines().length).toBeGreaterThan(1000);
  });
});

test('what is told many times is held against what was there as often', () => {
  const script =
    'local labels, list = o.labels, {} local x = labels.a for i = 1, 500 do list[i] = labels end return list';
  const object = { labels: { a: 'ä'.repeat(10_000) } };
  const program = compile(`function main(o) ${script} end`, 'x');
  expect(() => program.call('main', [object], { budget: { instructions: 200_000 } })).toThrow('instructions');
});

test('texts that are nearly numbers are read at once', () => {
  const nearly = `("1"):rep(500000) .. "x"`;
  const program = compile(
    `function main() local s = ${nearly} return tonumber(s), pcall(function() return s + 1 end) end`,
    'x',
  );
  const error = 'x:1: cannot perform add operation between string and number';
  expect(program.call('main', [])).toEqual([null, false, error]);
  for (const end of ['', 'y']) {
    expect(() => compile(`x = ${'1'.repeat(200_000)}${end}`, 'x')).toThrow('malformed number');
  }
  const asked = compile(`local kube = require("kube") function main() return kube.resourceAdd(${nearly}) end`, 'x');
  expect(() => asked.call('main', [], { modules: kubeModules })).toThrow("cannot parse '111");
});

describe('recursion', () => {
  test.each([
    ['itself', 'local function f() return 1 + f() end return f()'],
    ['through sort', 'local function f() table.sort({1, 2}, f) return true end f()'],
    ['through gsub', 'local function f() return (("x"):gsub("x", f)) end f()'],
    ['through pcall', 'local function f() local ok, e = pcall(f) error(e, 0) end f()'],
    ['through an iterator', 'local function f() for x in f do end end f()'],
  ])('%s ends in a stack overflow', (_what, script) => expect(failure(script).message).toMatch(/stack overflow/));

  test('can be caught, and the run goes on', () => {
    const program = compile(
      'function main() local function f() return 1 + f() end local ok = pcall(f) return ok, 7 end',
      'x',
    );
    expect(program.call('main', [])).toEqual([false, 7]);
  });

  test('nested expressions are refused when they are read', () => {
    for (const source of [
      `return ${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
      `return ${'{'.repeat(10_000)}${'}'.repeat(10_000)}`,
      `return ${'-'.repeat(10_000).replaceAll('-', '- ')}1`,
      `return 1${' + 1'.repeat(10_000)}`,
      `return a${'.b'.repeat(10_000)}`,
      'do '.repeat(10_000),
      'local function f() '.repeat(10_000),
    ]) {
      expect(() => parse(source, 'deep')).toThrow(/too many syntax levels/);
    }
  });
});

describe('nothing but Lua is reachable', () => {
  const evaluate = (expression: string) => compile(`function main() return ${expression} end`, 'x').call('main', [])[0];

  test.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'length',
    'name',
    'body',
  ])('%s is a key like any other', (key) => {
    expect(evaluate(`({})["${key}"]`)).toBe(null);
    expect(evaluate(`_G["${key}"]`)).toBe(null);
    expect(evaluate(`("text")["${key}"]`)).toBe(null);
    expect(evaluate(`string["${key}"]`)).toBe(null);
    expect(() => evaluate(`print["${key}"]`)).toThrow('attempt to index a non-table object(function)');
    expect(evaluate(`(function() local t = {} t["${key}"] = 1 return t["${key}"] end)()`)).toBe(1);
  });

  test('an object with the key __proto__ goes in and out', () => {
    const object = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}');
    const [result] = compile('function main(o) o.b = 2 return o end', 'x').call('main', [object]);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true},"a":1,"b":2}');
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });

  test.each([
    'coroutine',
    'io',
    'debug',
    'os.execute',
    'os.exit',
    'os.getenv',
    'os.remove',
    'package.loadlib',
    'package.path',
  ])('%s is not there', (name) => expect(evaluate(name)).toBe(null));

  test.each([
    'setmetatable',
    'getmetatable',
    'rawget',
    'rawset',
    'load',
    'loadstring',
    'dofile',
    'setfenv',
    'newproxy',
  ])('%s is refused in the words of the reference', (name) =>
    expect(() => evaluate(`${name}({}, {})`)).toThrow(
      `x:1: call function ${name} is not supported in karmada customized resourceinterpreter.`,
    ),
  );

  test('what a run sets is gone in the next', () => {
    const program = compile(
      `function poison() string.upper = nil string.evil = 1 _G.type = nil table.concat = nil os.time = nil counter = 1 end
       function look() return string.upper ~= nil, string.evil, type ~= nil, ("a"):upper(), counter, os.time ~= nil end`,
      'x',
    );
    program.call('poison', []);
    expect(program.call('look', [])).toEqual([true, null, true, 'A', null, true]);
  });

  test('what cannot be JSON is an error, not a surprise', () => {
    for (const [expression, message] of [
      ['print', 'cannot encode function to JSON'],
      ['0/0', 'cannot encode NaN to JSON'],
      ['math.huge', 'cannot encode Infinity to JSON'],
      ['{1, 2, x = 3}', 'cannot encode mixed or invalid key types to JSON'],
      ['{[true] = 1}', 'cannot encode mixed or invalid key types to JSON'],
      ['{1, nil, 3}', 'cannot encode sparse array to JSON'],
      ['_G', 'cannot encode'],
      ['(function() local t = {} t.t = t return t end)()', 'cannot encode recursively nested tables to JSON'],
    ] as const) {
      expect(() => evaluate(expression)).toThrow(message);
    }
  });

  test('an answer is as bounded as the run', () => {
    const doubled = 'local t = {1} for i = 1, 40 do t = {t, t} end return t';
    expect(failure(doubled).message).toMatch(/instructions|memory/);
    const program = compile('function main(o) local t = {} for i = 1, 1000 do t[i] = o end return t end', 'x');
    const object = { text: 'x'.repeat(100_000) };
    expect(() => program.call('main', [object], { budget })).toThrow(/memory/);
  });
});

test('a script that is too long is not read at all', () => {
  expect(() => compile(`x = 1 ${' '.repeat(256 * 1024)}`, 'long')).toThrow(
    'long has 262150 characters, and a script may have 262144',
  );
});
