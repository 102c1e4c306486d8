/** `"%s is %d".format([...])`, written as Go writes it for en_US. */

import { typeName } from '../types.ts';
import { toText } from '../value/convert.ts';
import { isInt } from '../value/int.ts';
import { kindName, kindOf } from '../value/kind.ts';
import { itemsOf } from '../value/list.ts';
import { exactFixed, formatScientific } from '../value/number-text.ts';
import { quote } from '../value/quote.ts';
import { textOf } from '../value/text.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  type Evaluated,
} from '../value/value.ts';
import { type Clause, FormatProblem, readFormat, refusals } from './format-clauses.ts';
import { longestText } from './limits.ts';

export function formatString(format: string, args: CelList): Evaluated {
  let size = 0;
  try {
    return readFormat(format, (clause, index) => {
      if (index >= args.size) throw new FormatProblem(`index ${index} out of range`);
      const value = args.at(index);
      const found = clause();
      if (value instanceof CelError) throw new FormatProblem(value.message);
      const text = during(() => write(found, value));
      size += text.length;
      if (size > longestText) throw new FormatProblem(`the text would be longer than ${longestText} characters`);
      return text;
    });
  } catch (error) {
    if (error instanceof FormatProblem) return new CelError(error.message);
    throw error;
  }
}

function during(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof FormatProblem) throw new FormatProblem(`error during formatting: ${error.message}`);
    throw error;
  }
}

const refuse = (verb: string, value: CelValue): never => {
  throw new FormatProblem(`${refusals[verb]}, was given ${kindName(value)}`);
};

const integerOf = (value: CelValue): bigint | undefined =>
  isInt(value) ? BigInt(value) : value instanceof CelUint ? value.value : undefined;

const defaultPrecision = 6;

function write({ verb, precision = defaultPrecision }: Clause, value: CelValue): string {
  const integer = integerOf(value);
  switch (verb) {
    case 's':
      return plain(value);
    case 'd':
      return integer === undefined ? refuse(verb, value) : String(integer);
    case 'f':
      return writeDouble(value, verb, (number) => fixed(number, precision));
    case 'e':
      return writeDouble(value, verb, scientific).padStart(precision);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return integer === undefined ? refuse(verb, value) : integer.toString(2);
    case 'o':
      return integer === undefined ? refuse(verb, value) : integer.toString(8);
    default: {
      const text = integer?.toString(16) ?? bytesHex(value) ?? refuse(verb, value);
      return verb === 'X' ? text.toUpperCase() : text;
    }
  }
}

/** Exactly rounded, a tie to the even digit, thousands apart: as Go prints a double for en_US. */
function fixed(value: number, precision: number): string {
  const [whole, fraction] = exactFixed(Math.abs(value), precision).split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Six digits always: upstream takes the precision for a width. */
function scientific(value: number): string {
  const [digits, exponent = ''] = formatScientific(value, defaultPrecision).split('e') as [string, string?];
  return `${digits}×10${exponentText(exponent)}`;
}

const superscripts: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('⁰¹²³⁴⁵⁶⁷⁸⁹', (raised, digit) => [String(digit), raised]),
);
const exponentText = (exponent: string): string =>
  Array.from(exponent, (each) => superscripts[each] ?? (each === '-' ? '⁻' : '')).join('');

function writeDouble(value: CelValue, verb: string, run: (number: number) => string): string {
  const number = value instanceof CelDouble ? value.value : typeof value === 'string' ? special[value] : undefined;
  if (number === undefined) return refuse(verb, value);
  if (Number.isFinite(number)) return run(number);
  return Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '-∞';
}

const special: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function bytesHex(value: CelValue): string | undefined {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) return undefined;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function plain(value: CelValue): string {
  if (value === null) return 'null';
  if (value instanceof CelList || (value instanceof CelMap && !value.type)) return inside(value);
  if (kindOf(value).kind === 'opaque' || kindOf(value).kind === 'object') return refuse('s', value);
  const text = toText(value);
  if (typeof text === 'string') return text;
  throw new FormatProblem(`could not convert argument ${quote(textOf(text))} to string`);
}

/** A value inside a list or map: quoted where it is text. */
function inside(value: CelValue): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof CelList) return `[${[...itemsOf(value)].map(part).join(', ')}]`;
  if (value instanceof CelMap && !value.type) return mapText(value);
  if (value instanceof CelDouble) {
    if (Number.isFinite(value.value)) return exactFixed(value.value, defaultPrecision);
    return Number.isNaN(value.value) ? '"NaN"' : value.value > 0 ? '"+Inf"' : '"-Inf"';
  }
  if (value instanceof CelTimestamp) return `timestamp(${quote(plain(value))})`;
  if (value instanceof CelDuration) return `duration(${quote(plain(value))})`;
  if (value instanceof Uint8Array) return `b${quote(plain(value))}`;
  if (value === null || typeof value !== 'object' || value instanceof CelUint || value instanceof CelTypeValue)
    return plain(value);
  throw new FormatProblem(`no formatting function for ${typeName(kindOf(value))}`);
}

function part(value: Evaluated): string {
  if (value instanceof CelError) throw new FormatProblem('no formatting function for error');
  return inside(value);
}

function mapText(map: CelMap): string {
  const entries: [string, string][] = [];
  for (const key of map.keys()) {
    if (key instanceof CelDouble)
      throw new FormatProblem(`no formatting function for map key of type ${kindName(key)}`);
    entries.push([inside(key), part(map.find(key) ?? null)]);
  }
  entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}
