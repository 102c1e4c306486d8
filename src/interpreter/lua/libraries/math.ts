/** The math library. */
import { modulo } from '../compile/operators.ts';
import type { Run } from '../run.ts';
import { type LuaValue, type LuaValues, nothing } from '../value.ts';
import { type Call, functionsOf } from './arguments.ts';

const of =
  (compute: (value: number) => number) =>
  (call: Call): LuaValues => [compute(call.number(1))];
const ofTwo =
  (compute: (left: number, right: number) => number) =>
  (call: Call): LuaValues => [compute(call.number(1), call.number(2))];

function extreme(choose: (...values: number[]) => number): (call: Call) => LuaValues {
  return (call) => {
    let result = call.number(1);
    for (let position = 2; position <= call.args.length; position += 1) result = choose(result, call.number(position));
    call.run.spend(call.args.length);
    return [result];
  };
}

/** A fraction in [0.5, 1) and a power of two. */
function frexp(value: number): readonly [number, number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(value))) + 1);
  let fraction = value / 2 ** exponent;
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent -= 1;
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent += 1;
  }
  return [fraction, exponent];
}

/** In [0, 1), the same sequence in each run: what interprets objects must not depend on chance. */
function nextRandom(run: Run): number {
  let state = run.random;
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  run.random = state;
  return (state >>> 0) / 2 ** 32;
}

function random(call: Call): LuaValues {
  const fraction = nextRandom(call.run);
  if (call.args.length === 0) return [fraction];
  const [from, to] = call.args.length === 1 ? [1, call.integer(1)] : [call.integer(1), call.integer(2)];
  if (from > to) throw call.wrong(Math.min(call.args.length, 2), 'interval is empty');
  return [from + Math.floor(fraction * (to - from + 1))];
}

function randomseed(call: Call): LuaValues {
  call.run.random = call.integer(1) | 0 || 1;
  return nothing;
}

const degrees = 180 / Math.PI;

export const mathLibrary: ReadonlyMap<string, LuaValue> = functionsOf({
  abs: of(Math.abs),
  acos: of(Math.acos),
  asin: of(Math.asin),
  atan: of(Math.atan),
  atan2: ofTwo(Math.atan2),
  ceil: of(Math.ceil),
  cos: of(Math.cos),
  cosh: of(Math.cosh),
  deg: of((value) => value * degrees),
  exp: of(Math.exp),
  floor: of(Math.floor),
  fmod: ofTwo((left, right) => left % right),
  frexp: (call) => frexp(call.number(1)),
  ldexp: ofTwo((fraction, exponent) => fraction * 2 ** Math.trunc(exponent)),
  log: of(Math.log),
  log10: of(Math.log10),
  max: extreme(Math.max),
  min: extreme(Math.min),
  mod: ofTwo(modulo),
  modf: (call) => {
    const value = call.number(1);
    const integral = Math.trunc(value);
    return [integral, Number.isFinite(value) ? value - integral : 0];
  },
  pow: ofTwo((base, exponent) => base ** exponent),
  rad: of((value) => value / degrees),
  random,
  randomseed,
  sin: of(Math.sin),
  sinh: of(Math.sinh),
  sqrt: of(Math.sqrt),
  tan: of(Math.tan),
  tanh: of(Math.tanh),
})
  .set('pi', Math.PI)
  .set('huge', Number.POSITIVE_INFINITY);
