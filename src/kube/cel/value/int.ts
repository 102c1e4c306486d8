/** int64 and uint64 arithmetic with Go's overflow errors. */
import { CelError, CelUint, type Evaluated } from './value.ts';

export type CelInt = number | bigint;

const smallestInt = -(2n ** 63n);
export const largestInt = 2n ** 63n - 1n;
const largestUint = 2n ** 64n - 1n;
const smallestSafe = BigInt(Number.MIN_SAFE_INTEGER);
const largestSafe = BigInt(Number.MAX_SAFE_INTEGER);

const intOverflow = new CelError('integer overflow');
const uintOverflow = new CelError('unsigned integer overflow');
const divisionByZero = new CelError('division by zero');
const modulusByZero = new CelError('modulus by zero');

/** The one form of an int: a number where a number is exact. */
export const intOf = (value: bigint): CelInt => (value >= smallestSafe && value <= largestSafe ? Number(value) : value);

export const isInt = (value: unknown): value is CelInt => typeof value === 'number' || typeof value === 'bigint';

export const checkedInt = (value: bigint): CelInt | CelError =>
  value < smallestInt || value > largestInt ? intOverflow : intOf(value);

export const checkedUint = (value: bigint): CelUint | CelError =>
  value < 0n || value > largestUint ? uintOverflow : new CelUint(value);

export function addInts(left: CelInt, right: CelInt): Evaluated {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return checkedInt(BigInt(left) + BigInt(right));
}

export function subtractInts(left: CelInt, right: CelInt): Evaluated {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return checkedInt(BigInt(left) - BigInt(right));
}

export function multiplyInts(left: CelInt, right: CelInt): Evaluated {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    // No negative zero: it would not be equal to zero as a key.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return checkedInt(BigInt(left) * BigInt(right));
}

export function divideInts(left: CelInt, right: CelInt): Evaluated {
  if (right === 0) return divisionByZero;
  if (typeof left === 'number' && typeof right === 'number') return Math.trunc(left / right) + 0;
  return checkedInt(BigInt(left) / BigInt(right));
}

export function moduloInts(left: CelInt, right: CelInt): Evaluated {
  if (right === 0) return modulusByZero;
  if (typeof left === 'number' && typeof right === 'number') return (left % right) + 0;
  return BigInt(left) === smallestInt && right === -1 ? intOverflow : intOf(BigInt(left) % BigInt(right));
}

export const negateInt = (value: CelInt): Evaluated => (typeof value === 'number' ? 0 - value : checkedInt(-value));

export const addUints = (left: CelUint, right: CelUint): Evaluated => checkedUint(left.value + right.value);
export const subtractUints = (left: CelUint, right: CelUint): Evaluated => checkedUint(left.value - right.value);
export const multiplyUints = (left: CelUint, right: CelUint): Evaluated => checkedUint(left.value * right.value);
export const divideUints = (left: CelUint, right: CelUint): Evaluated =>
  right.value === 0n ? divisionByZero : new CelUint(left.value / right.value);
export const moduloUints = (left: CelUint, right: CelUint): Evaluated =>
  right.value === 0n ? modulusByZero : new CelUint(left.value % right.value);

/** A double without its fraction, as Go converts it: the bounds themselves do not convert. */
export const intOfDouble = (value: number): CelInt | CelError =>
  Number.isFinite(value) && value > -(2 ** 63) && value < 2 ** 63 ? intOf(BigInt(Math.trunc(value))) : intOverflow;

export const uintOfDouble = (value: number): CelUint | CelError =>
  Number.isFinite(value) && value >= 0 && value < 2 ** 64 ? new CelUint(BigInt(Math.trunc(value))) : uintOverflow;
