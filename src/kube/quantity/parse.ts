/** The text form of quantities: `<number><suffix>`, where the suffix is k M G …, Ki Mi Gi … or an exponent. */
import type { Quantity } from './quantity.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const badNumber = 'unable to parse numeric part of quantity';
const badSuffix = "unable to parse quantity's suffix";

interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

const decimal = (exponent: number): Suffix => ({ base: 10, exponent, format: 'DecimalSI' });
const binary = (exponent: number): Suffix => ({ base: 2, exponent, format: 'BinarySI' });

const suffixes: ReadonlyMap<string, Suffix> = new Map([
  ['n', decimal(-9)],
  ['u', decimal(-6)],
  ['m', decimal(-3)],
  ['', decimal(0)],
  ['k', decimal(3)],
  ['M', decimal(6)],
  ['G', decimal(9)],
  ['T', decimal(12)],
  ['P', decimal(15)],
  ['E', decimal(18)],
  ['Ki', binary(10)],
  ['Mi', binary(20)],
  ['Gi', binary(30)],
  ['Ti', binary(40)],
  ['Pi', binary(50)],
  ['Ei', binary(60)],
]);

/** Digits after the amount only behind a suffix or a sign: else each way to cut a long number in two would be tried. */
const shape = /^([+-]?)(\d*)(?:\.(\d*))?((?:[eEinumkKMGTP]+[-+]?\d*|[-+]\d*)?)$/;
const exponentShape = /^[eE]([-+]?\d+)$/;

/** Beyond this an exponent only costs memory: 10^1000 has no use and 10^1000000000 would fill the machine. */
const largestExponent = 1000;
/** And so do digits: a million of them keep the machine busy for a quarter of a second. */
const mostDigits = 1000;
/** apimachinery caps binary amounts at the largest int64. */
const largestBinary = (2n ** 63n - 1n) * 10n ** 9n;
/** Digits up to which apimachinery's fast path takes a number as it is (and so may keep its text). */
const fastDigits = 18;
const fastBinaryDigits = 15;

/** Throws RangeError on what is no quantity. */
export function parseAmount(text: string): Quantity {
  if (text === '') throw new RangeError(malformed);
  const match = shape.exec(text);
  if (!match) throw new RangeError(malformed);
  const [, sign, written, fraction = '', suffixText] = match as unknown as [
    string,
    string,
    string,
    string | undefined,
    string,
  ];
  const suffix = interpret(suffixText);
  const digits = written.replace(/^0+/, '');
  // No digits at all (`.`, `k`) reads as zero, as in Go.
  const significant = (digits === '' ? '0' : digits) + fraction;
  if (significant.length > mostDigits) throw new RangeError(badNumber);
  const negative = sign === '-';
  let nano = scaleToNano(BigInt(significant), suffix, fraction.length);
  let { format } = suffix;
  if (format === 'BinarySI') {
    if (nano > largestBinary) nano = largestBinary;
    if (nano > 0n && nano < 10n ** 9n) format = 'DecimalSI';
  }
  const amount = negative ? -nano : nano;
  return keepsText(text, significant, fraction.length, suffix)
    ? { nano: amount, format, text }
    : { nano: amount, format };
}

function interpret(text: string): Suffix {
  const known = suffixes.get(text);
  if (known) return known;
  const exponent = exponentShape.exec(text);
  if (!exponent) throw new RangeError(badSuffix);
  return { base: 10, exponent: Number(exponent[1]), format: 'DecimalExponent' };
}

/** `digits` with `places` decimals times the suffix, in nanounits, rounded up. */
function scaleToNano(digits: bigint, { base, exponent }: Suffix, places: number): bigint {
  if (digits === 0n) return 0n;
  const factor = base === 2 ? digits * 2n ** BigInt(exponent) : digits;
  const shift = (base === 10 ? exponent : 0) - places + 9;
  if (shift > largestExponent) throw new RangeError(badNumber);
  if (shift >= 0) return factor * 10n ** BigInt(shift);
  if (-shift > largestExponent) return 1n;
  const divisor = 10n ** BigInt(-shift);
  const quotient = factor / divisor;
  return quotient * divisor === factor ? quotient : quotient + 1n;
}

/** Whether apimachinery takes the text for canonical and keeps it; the conditions are those of its fast path. */
function keepsText(text: string, significant: string, places: number, suffix: Suffix): boolean {
  if (text === '0') return true;
  if (suffix.base === 2) {
    const precision = fastBinaryDigits - significant.length - Math.floor((suffix.exponent * 3) / 10) - 1;
    return places === 0 && precision >= 0 && (Number(significant) & 7) !== 0;
  }
  const scale = suffix.exponent - places;
  return (
    significant.length <= fastDigits &&
    scale >= -9 &&
    scale % 3 === 0 &&
    !significant.endsWith('000') &&
    significant[0] !== '0'
  );
}
