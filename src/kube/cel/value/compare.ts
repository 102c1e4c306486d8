/** Order of values: numbers across their types, text by code points, bytes, booleans and time. */

import { isInt } from './int.ts';
import { CelDouble, CelDuration, CelError, CelTimestamp, CelUint, type CelValue, noSuchOverload } from './value.ts';

const notOrdered = new CelError('NaN values cannot be ordered');

const order = <T extends number | bigint>(left: T, right: T): number => (left < right ? -1 : left > right ? 1 : 0);

/** -1, 0 or 1. */
export function compare(left: CelValue, right: CelValue): number | CelError {
  if (typeof left === 'number' && typeof right === 'number') return order(left, right);
  if (typeof left === 'string') return typeof right === 'string' ? compareText(left, right) : noSuchOverload;
  if (typeof left === 'boolean')
    return typeof right === 'boolean' ? order(Number(left), Number(right)) : noSuchOverload;
  if (isInt(left) || left instanceof CelUint || left instanceof CelDouble) return compareNumbers(left, right);
  if (left instanceof CelTimestamp && right instanceof CelTimestamp)
    return order(left.seconds, right.seconds) || order(left.nanos, right.nanos);
  if (left instanceof CelDuration && right instanceof CelDuration) return order(left.nanos, right.nanos);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareBytes(left, right);
  return noSuchOverload;
}

/** Whether values of this kind have an order at all. */
export const isComparable = (value: CelValue): boolean =>
  ['number', 'bigint', 'string', 'boolean'].includes(typeof value) ||
  value instanceof CelUint ||
  value instanceof CelDouble ||
  value instanceof CelTimestamp ||
  value instanceof CelDuration ||
  value instanceof Uint8Array;

function compareNumbers(left: number | bigint | CelUint | CelDouble, right: CelValue): number | CelError {
  if (!isInt(right) && !(right instanceof CelUint) && !(right instanceof CelDouble)) return noSuchOverload;
  if (left instanceof CelDouble || right instanceof CelDouble) {
    const [ours, theirs] = [doubleOf(left), doubleOf(right)];
    return Number.isNaN(ours) || Number.isNaN(theirs) ? notOrdered : order(ours, theirs);
  }
  return order(exactOf(left), exactOf(right));
}

const doubleOf = (value: number | bigint | CelUint | CelDouble): number =>
  value instanceof CelDouble ? value.value : Number(value instanceof CelUint ? value.value : value);
const exactOf = (value: number | bigint | CelUint): bigint => (value instanceof CelUint ? value.value : BigInt(value));

const surrogate = /[\ud800-\udfff]/;

/** Go orders by bytes of UTF-8, which is the order of code points; UTF-16 differs beyond the first plane. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  if (!surrogate.test(left) && !surrogate.test(right)) return left < right ? -1 : 1;
  const [ours, theirs] = [Array.from(left), Array.from(right)];
  for (let index = 0; index < Math.min(ours.length, theirs.length); index++) {
    const difference = order(ours[index]!.codePointAt(0)!, theirs[index]!.codePointAt(0)!);
    if (difference !== 0) return difference;
  }
  return order(ours.length, theirs.length);
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = order(left[index]!, right[index]!);
    if (difference !== 0) return difference;
  }
  return order(left.length, right.length);
}
