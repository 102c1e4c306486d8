/** `+ - * / %` and negation on whatever has them. */

import { durationOf } from '../value/duration.ts';
import {
  addInts,
  addUints,
  divideInts,
  divideUints,
  isInt,
  moduloInts,
  moduloUints,
  multiplyInts,
  multiplyUints,
  negateInt,
  subtractInts,
  subtractUints,
} from '../value/int.ts';
import { GrowingList, JoinedList } from '../value/list.ts';
import { addDuration, subtractTimestamps } from '../value/timestamp.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelList,
  CelTimestamp,
  CelUint,
  type CelValue,
  type Evaluated,
  noSuchOverload,
} from '../value/value.ts';
import { listTooLong, longestList, longestText, textTooLong } from './limits.ts';

/** Text and times have functions of their own, so upstream asks those before it gives up. */
const unsupported = (operator: string, left: CelValue): CelError =>
  typeof left === 'string' || left instanceof CelTimestamp || left instanceof CelDuration
    ? noSuchOverload
    : new CelError(`no such overload: ${operator}`);

export function add(left: CelValue, right: CelValue): Evaluated {
  if (isInt(left)) return isInt(right) ? addInts(left, right) : noSuchOverload;
  if (typeof left === 'string') {
    if (typeof right !== 'string') return noSuchOverload;
    return left.length + right.length > longestText ? textTooLong : left + right;
  }
  if (left instanceof CelList) return right instanceof CelList ? addLists(left, right) : noSuchOverload;
  if (left instanceof CelDouble)
    return right instanceof CelDouble ? new CelDouble(left.value + right.value) : noSuchOverload;
  if (left instanceof CelUint) return right instanceof CelUint ? addUints(left, right) : noSuchOverload;
  if (left instanceof CelDuration) {
    if (right instanceof CelDuration) return durationOf(left.nanos + right.nanos);
    return right instanceof CelTimestamp ? addDuration(right, left.nanos) : noSuchOverload;
  }
  if (left instanceof CelTimestamp)
    return right instanceof CelDuration ? addDuration(left, right.nanos) : noSuchOverload;
  if (left instanceof Uint8Array) return right instanceof Uint8Array ? addBytes(left, right) : noSuchOverload;
  return unsupported('_+_', left);
}

function addLists(left: CelList, right: CelList): Evaluated {
  if (left.size + right.size > longestList) return listTooLong;
  if (left instanceof GrowingList) return left.append(right);
  if (left.plus) return left.plus(right);
  if (left.size === 0) return right;
  return right.size === 0 ? left : new JoinedList(left, right);
}

function addBytes(left: Uint8Array, right: Uint8Array): Evaluated {
  if (left.length + right.length > longestText) return textTooLong;
  const sum = new Uint8Array(left.length + right.length);
  sum.set(left);
  sum.set(right, left.length);
  return sum;
}

export function subtract(left: CelValue, right: CelValue): Evaluated {
  if (isInt(left)) return isInt(right) ? subtractInts(left, right) : noSuchOverload;
  if (left instanceof CelDouble)
    return right instanceof CelDouble ? new CelDouble(left.value - right.value) : noSuchOverload;
  if (left instanceof CelUint) return right instanceof CelUint ? subtractUints(left, right) : noSuchOverload;
  if (left instanceof CelDuration)
    return right instanceof CelDuration ? durationOf(left.nanos - right.nanos) : noSuchOverload;
  if (left instanceof CelTimestamp) {
    if (right instanceof CelTimestamp) return subtractTimestamps(left, right);
    return right instanceof CelDuration ? addDuration(left, -right.nanos) : noSuchOverload;
  }
  return unsupported('_-_', left);
}

export function multiply(left: CelValue, right: CelValue): Evaluated {
  if (isInt(left)) return isInt(right) ? multiplyInts(left, right) : noSuchOverload;
  if (left instanceof CelDouble)
    return right instanceof CelDouble ? new CelDouble(left.value * right.value) : noSuchOverload;
  if (left instanceof CelUint) return right instanceof CelUint ? multiplyUints(left, right) : noSuchOverload;
  return unsupported('_*_', left);
}

export function divide(left: CelValue, right: CelValue): Evaluated {
  if (isInt(left)) return isInt(right) ? divideInts(left, right) : noSuchOverload;
  if (left instanceof CelDouble)
    return right instanceof CelDouble ? new CelDouble(left.value / right.value) : noSuchOverload;
  if (left instanceof CelUint) return right instanceof CelUint ? divideUints(left, right) : noSuchOverload;
  return unsupported('_/_', left);
}

export function modulo(left: CelValue, right: CelValue): Evaluated {
  if (isInt(left)) return isInt(right) ? moduloInts(left, right) : noSuchOverload;
  if (left instanceof CelUint) return right instanceof CelUint ? moduloUints(left, right) : noSuchOverload;
  return unsupported('_%_', left);
}

export function negate(value: CelValue): Evaluated {
  if (isInt(value)) return negateInt(value);
  if (value instanceof CelDouble) return new CelDouble(-value.value);
  if (value instanceof CelDuration) return durationOf(-value.nanos);
  return typeof value === 'boolean' ? noSuchOverload : unsupported('-_', value);
}
