/** Lua's values as JavaScript's: nil is undefined, strings hold one byte in each character, the rest is what it is. */
import type { Run } from './run.ts';
import type { LuaTable } from './table.ts';

export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;
/** Arguments and results; nobody changes one after it was made. */
export type LuaValues = readonly LuaValue[];

export const nothing: LuaValues = [];

type Body = (run: Run, args: LuaValues) => LuaValues;

/** A function of a script or of a library. */
export class LuaFunction {
  /** May answer `tailCall` when it is a script's: call it through `invoke`. */
  readonly body: Body;
  /** Of a script, not of a library. */
  readonly scripted: boolean;

  constructor(body: Body, scripted = false) {
    this.body = body;
    this.scripted = scripted;
  }
}

export type TypeName = 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function';

export function typeName(value: LuaValue): TypeName {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value as TypeName;
    default:
      return value instanceof LuaFunction ? 'function' : 'table';
  }
}

/** All but nil and false is true. */
export const truthy = (value: LuaValue): boolean => value !== undefined && value !== false;

/** Go's shortest form with two digits or more of exponent: 1.5e+06. */
function exponential(value: number): string {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/**
 * A number as gopher-lua writes it (Lua 5.1's `%.14g` differs beyond 14 digits): whole ones in full, others in the
 * shortest form that reads back as the same, with an exponent below 1e-4 and from 1e6.
 */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return formatShortest(value);
}

/** The shortest form of a finite number, Go's `%g`. */
export function formatShortest(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? exponential(value) : String(value);
}

/** What `tostring` and `%s` make of it. Tables and functions have no addresses: a script says the same each time. */
export function textOfValue(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'boolean' ? String(value) : typeName(value);
}

const decimal = /^[ \t\n\v\f\r]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\v\f\r]*$/;
const hexadecimal = /^[ \t\n\v\f\r]*([+-]?)0[xX]([\da-fA-F]+)[ \t\n\v\f\r]*$/;

/** Arithmetic reads texts at the price of any other operation: longer ones say no number. */
const longestNumeral = 100;

/** The number a text says, undefined when it says none. */
export function parseNumber(text: string): number | undefined {
  if (text.length > longestNumeral) return undefined;
  if (decimal.test(text)) return Number(text);
  const hex = hexadecimal.exec(text);
  return hex ? Number(`0x${hex[2]}`) * (hex[1] === '-' ? -1 : 1) : undefined;
}

/** Numbers, and strings that say one, where arithmetic wants a number. */
export const toNumber = (value: LuaValue): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'string' ? parseNumber(value) : undefined;
