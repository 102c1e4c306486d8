/**
 * Made-up programs mean the same to fengari (Lua 5.3), in the part of the language where 5.1 and 5.3 agree: no whole number
 * divided, no number beyond 2^31, floats written with all their digits by a pattern.
 */
import fc from 'fast-check';
// @ts-expect-error: it has no types
import { lauxlib, lua, lualib, to_jsstring, to_luastring } from 'fengari';
import { expect, test } from 'vitest';
import { LuaError } from './error.ts';
import { compile } from './lua.ts';

const failed = 'failed';

/** What the script returns as text, or that it failed. */
function ours(script: string): string {
  try {
    return compile(`function main() ${script}\nend`, 'made').call('main', [])[0] as string;
  } catch (error) {
    if (error instanceof LuaError && !error.stopped) return failed;
    throw error;
  }
}

const state = lauxlib.luaL_newstate();
lualib.luaL_openlibs(state);

/** The programs have no globals, so that one state serves them all. */
function theirs(script: string): string {
  lua.lua_settop(state, 0);
  const wrong = lauxlib.luaL_dostring(state, to_luastring(script)) !== 0;
  return wrong ? failed : to_jsstring(lauxlib.luaL_tolstring(state, -1) as Uint8Array);
}

/** Writes any value out; numbers as 5.1 and 5.3 both can. */
const show = `local function show(v)
  if type(v) == "number" then return string.format("%.6f", v) end
  if type(v) ~= "table" then return tostring(v) end
  local parts, keys = {}, {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for _, k in ipairs(keys) do parts[#parts + 1] = tostring(k) .. "=" .. show(v[k]) end
  return "{" .. table.concat(parts, ",") .. "}"
end
`;

const names = ['a', 'b', 'c'];
const variable = fc.constantFrom(...names);
const text = fc.constantFrom('""', '"x"', '"abc"', '"10"', '"a.b"', '"  y "');
const pattern = fc.constantFrom('"%a+"', '"^(.-)%s*$"', '"(%w)(%w)"', '"."', '"[^a]"', '"%d+"', '"b?c*"', '"()"');

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  const pair = fc.tuple(inner, inner);
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.oneof(
        fc.integer({ min: -20, max: 20 }).map((value) => `(${value})`),
        fc.constantFrom('0.5', 'nil', 'true', 'false', '{}'),
        text,
        variable,
      ),
      fc
        .tuple(pair, fc.constantFrom('+', '-', '*', '==', '~=', '<', '<=', '>', '>=', 'and', 'or'))
        .map(([[x, y], operator]) => `(${x} ${operator} ${y})`),
      pair.map(([x, y]) => `(show(${x}) .. show(${y}))`),
      inner.map((x) => `(not ${x})`),
      inner.map((x) => `#${x}`),
      inner.map((x) => `(-${x})`),
      pair.map(([x, y]) => `({${x}, ${y}})`),
      pair.map(([x, y]) => `({k = ${x}, [show(${y})] = 1})`),
      inner.map((x) => `(${x}).k`),
      inner.map((x) => `(${x})[1]`),
      fc.tuple(inner, inner).map(([x, y]) => `select("#", ${x}, f(${y}))`),
      inner.map((x) => `(f(${x}))`),
      inner.map((x) => `show({pcall(function() return ${x} end)}):sub(1, 8)`),
      fc.tuple(text, pattern).map(([x, y]) => `show({string.find(${x}, ${y})})`),
      fc.tuple(text, pattern).map(([x, y]) => `show({string.match(${x}, ${y})})`),
      fc.tuple(text, pattern).map(([x, y]) => `show({string.gsub(${x}, ${y}, "<%0>")})`),
      fc
        .tuple(text, fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }))
        .map(([x, i, j]) => `(${x}):sub(${i}, ${j})`),
      inner.map((x) => `type(${x})`),
      inner.map((x) => `tonumber(${x})`),
    ),
  };
});

const { block } = fc.letrec<{ block: string }>((tie) => {
  const inner = tie('block');
  return {
    block: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.tuple(variable, expression).map(([name, value]) => `${name} = ${value}`),
      fc.tuple(variable, variable, expression, expression).map(([x, y, v, w]) => `${x}, ${y} = ${v}, ${w}`),
      fc.tuple(inner, inner).map((both) => both.join('\n')),
      fc.tuple(expression, inner, inner).map(([test, yes, no]) => `if ${test} then ${yes} else ${no} end`),
      inner.map((body) => `for i = 1, 3 do ${body} a = i end`),
      fc.tuple(expression, inner).map(([value, body]) => `for k, v in pairs({${value}}) do ${body} b = v end`),
      inner.map((body) => `do local n = 0 while n < 3 do n = n + 1 ${body} if n == 2 then break end end end`),
      inner.map((body) => `do local n = 0 repeat n = n + 1 local done = n > 1 ${body} until done end`),
      fc
        .tuple(variable, expression)
        .map(([name, value]) => `do local ${name} = ${value} f = function(x) ${name} = x return ${name}, x end end`),
      fc
        .tuple(variable, expression, expression)
        .map(([name, key, value]) => `if type(${name}) == "table" then ${name}[show(${key})] = ${value} end`),
    ),
  };
});

test('expressions and programs', () => {
  let answered = 0;
  fc.assert(
    fc.property(block, expression, (body, result) => {
      const script = `${show} local a, b, c = 1, "two", {3} local function g(x) return x, x end local f = g\n${body}\nreturn show({${result}, a, b, c})`;
      const answer = ours(script);
      if (answer !== failed) answered += 1;
      expect(answer).toBe(theirs(script));
    }),
    { numRuns: 150, seed: 5 },
  );
  expect(answered).toBeGreaterThan(50);
});
