/**
 * How apimachinery holds a quantity: most as an int64 and a power of ten, the rest as a decimal. Which of the two it is
 * shows in CEL: only the first has integers.
 */
import { largestInt } from '../value/int.ts';

export interface Amount {
  readonly value: bigint;
  readonly scale: number;
}

const suffixes: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binarySuffixes: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** Digits up to which a number is taken as it is. */
const mostDigits = 18;
const mostBinaryDigits = 15;

const fits = (value: bigint): boolean => value <= largestInt && value >= -largestInt - 1n;

/** undefined for what is held as a decimal. The text is a quantity. */
export function amountOf(text: string): Amount | undefined {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?(.*)$/.exec(text);
  if (!match) return undefined;
  const [, sign, written = '', fraction = '', suffix = ''] = match;
  const digits = (written === '' ? '0' : written) + fraction;
  const binary = binarySuffixes[suffix];
  const amount = binary === undefined ? decimal(digits, fraction.length, suffix) : shifted(digits, fraction, binary);
  if (!amount || !fits(amount.value)) return undefined;
  return sign === '-' ? { ...amount, value: -amount.value } : amount;
}

function decimal(digits: string, places: number, suffix: string): Amount | undefined {
  const exponent = suffixes[suffix] ?? Number(suffix.slice(1));
  const scale = exponent - places;
  return digits.length <= mostDigits && scale >= -9 ? { value: BigInt(digits), scale } : undefined;
}

function shifted(digits: string, fraction: string, bits: number): Amount | undefined {
  const precision = mostBinaryDigits - digits.length - Math.trunc((bits * 3) / 10) - 1;
  return fraction === '' && precision >= 0 ? { value: BigInt(digits) << BigInt(bits), scale: 0 } : undefined;
}

/** The sum as apimachinery holds it. */
export function addAmounts(left: Amount | undefined, right: Amount | undefined): Amount | undefined {
  if (!left || !right) return undefined;
  if (right.value === 0n) return left;
  if (left.value === 0n) return right;
  const scale = Math.min(left.scale, right.scale);
  const [ours, theirs] = [left, right].map((each) => each.value * 10n ** BigInt(each.scale - scale)) as [
    bigint,
    bigint,
  ];
  // The scale of the left one stays where it is the smaller; where it is not, that of the right one is taken.
  return fits(ours) && fits(theirs) && fits(ours + theirs) ? { value: ours + theirs, scale } : undefined;
}

export const negated = (amount: Amount | undefined): Amount | undefined =>
  amount && { value: -amount.value, scale: amount.scale };

/** Whole units; undefined where there are none to be had, `1.0` among them. */
export function wholeUnits(amount: Amount | undefined): bigint | undefined {
  if (!amount || amount.scale < 0) return undefined;
  const units = amount.value * 10n ** BigInt(Math.min(amount.scale, 40));
  return fits(units) ? units : undefined;
}

export const approximate = ({ value, scale }: Amount): number =>
  scale === 0 ? Number(value) : Number(value) * Number(`1e${scale}`);
