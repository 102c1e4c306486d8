/** The basic functions. Those the reference refuses are there and refuse in its words. */
import { Thrown } from '../error.ts';
import { invoke, type Run } from '../run.ts';
import {
  LuaFunction,
  type LuaValue,
  type LuaValues,
  nothing,
  parseNumber,
  textOfValue,
  truthy,
  typeName,
} from '../value.ts';
import { type Call, functionsOf } from './arguments.ts';

/** Each result is a place on the reference's stack, which has 5,120. */
export const mostResults = 5000;

/** What JavaScript takes to throw an error and to catch it. */
const catchCost = 64;

/** A string gets the place in front that `level` names: 1 is where `error` was called, 0 none. */
function error(call: Call): never {
  const { run } = call;
  const value = call.any(1);
  const level = call.optionalInteger(2, 1);
  run.spend(Math.min(Math.max(0, level), run.depth));
  const line = level > 0 ? run.lineAt(Math.min(level, run.depth + 1)) : undefined;
  if (typeof value !== 'string' || line === undefined) throw new Thrown(value, run.line);
  throw run.errorAt(line, value);
}

/** What a protected call answers, or the end of the run: what was stopped is not caught. */
function protect(run: Run, call: () => LuaValues, handle: (value: LuaValue) => LuaValues): LuaValues {
  const { frame, depth } = run;
  try {
    const results = call();
    run.spend(results.length);
    return [true, ...results];
  } catch (thrown) {
    if (!(thrown instanceof Thrown)) throw thrown;
    run.frame = frame;
    run.depth = depth;
    run.spend(catchCost);
    return [false, ...handle(thrown.value)];
  }
}

function select(call: Call): LuaValues {
  const { args } = call;
  if (args[0] === '#') return [args.length - 1];
  const from = call.integer(1);
  if (from === 0 || args.length + from < 1) throw call.wrong(1, 'index out of range');
  call.run.spend(args.length);
  return from > 0 ? args.slice(from) : args.slice(args.length + from);
}

/** What it costs to make the pattern for a base. */
const baseCost = 16;

const digitsIn = (base: number) =>
  new RegExp(`^[+-]?[${'0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base)}]+$`, 'i');

function tonumber(call: Call): LuaValues {
  const value = call.any(1);
  const base = call.optionalInteger(2, 10);
  if (base === 10) {
    if (typeof value === 'string') call.run.spend(value.length >> 5);
    return [typeof value === 'string' ? parseNumber(value) : typeof value === 'number' ? value : undefined];
  }
  if (base < 2 || base > 36) throw call.wrong(2, 'base out of range');
  const text = call.string(1).trim();
  call.run.spend(baseCost + (text.length >> 5));
  return [digitsIn(base).test(text) ? Number.parseInt(text, base) : undefined];
}

function unpack(call: Call): LuaValues {
  const table = call.table(1);
  const [from, to] = [call.optionalInteger(2, 1), call.optionalInteger(3, table.length)];
  if (to - from >= mostResults) throw call.run.error('too many results to unpack');
  call.run.spend(Math.max(0, to - from) + table.lengthCost);
  const values: LuaValue[] = [];
  for (let at = from; at <= to; at += 1) values.push(table.get(at));
  return values;
}

function next(call: Call): LuaValues {
  const following = call.table(1).after(call.at(2), (steps) => call.run.spend(steps));
  if (following === false) throw call.run.error("invalid key to 'next'");
  return following ?? [undefined];
}

/** The iterator keeps its place itself, so that no step has to find it again. */
function pairs(call: Call): LuaValues {
  const cursor = call.table(1).cursor((steps) => call.run.spend(steps));
  return [new LuaFunction(() => cursor.next() ?? nothing), call.at(1), undefined];
}

function ipairs(call: Call): LuaValues {
  const table = call.table(1);
  let at = 0;
  const step = new LuaFunction(() => {
    at += 1;
    const value = table.get(at);
    return value === undefined ? nothing : [at, value];
  });
  return [step, table, 0];
}

const refused =
  (name: string) =>
  ({ run }: Call): never => {
    throw run.error(`call function ${name} is not supported in karmada customized resourceinterpreter.`);
  };

const refusedNames =
  'collectgarbage dofile getfenv getmetatable load loadfile loadstring rawequal rawget rawset setfenv setmetatable module newproxy';

export const baseLibrary: ReadonlyMap<string, LuaValue> = functionsOf({
  assert: (call) => {
    if (truthy(call.any(1))) return call.args;
    throw call.run.error(call.at(2) === undefined ? 'assertion failed!' : call.string(2));
  },
  error,
  ipairs,
  next,
  pairs,
  pcall: (call) => {
    const called = call.any(1);
    return protect(
      call.run,
      () => invoke(call.run, called, call.args.slice(1)),
      (value) => [value],
    );
  },
  print: ({ run, args }) => {
    const line = args.map(textOfValue).join('\t');
    run.allocateText(line.length);
    run.surroundings.print(line);
    return nothing;
  },
  select,
  tonumber,
  tostring: (call) => [textOfValue(call.any(1))],
  type: (call) => [typeName(call.any(1))],
  unpack,
  xpcall: (call) => {
    const [called, handler] = [call.any(1), call.function(2)];
    return protect(
      call.run,
      () => invoke(call.run, called, nothing),
      (value) => invoke(call.run, handler, [value]),
    );
  },
  ...Object.fromEntries(refusedNames.split(' ').map((name) => [name, refused(name)])),
});
