/** Equality of values: numbers of different types are compared by value, values of different kinds are not equal. */

import { typeName } from '../types.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelOpaque,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  noSuchOverload,
} from './value.ts';

/** false is 'not equal'; an error where upstream refuses to compare. */
export function equal(left: CelValue, right: CelValue): boolean | CelError {
  if (left === null || right === null) return left === right;
  switch (typeof left) {
    case 'number':
    case 'bigint':
      if (left === right) return true;
      if (right instanceof CelDouble) return equalIntDouble(left, right.value);
      return right instanceof CelUint && BigInt(left) === right.value;
    case 'string':
    case 'boolean':
      return left === right;
    default:
      return equalObjects(left, right);
  }
}

const equalIntDouble = (int: number | bigint, double: number): boolean =>
  // Upstream compares as doubles: an int that rounds to the double is equal to it.
  Number(int) === double && double >= -(2 ** 63) && double <= 2 ** 63;

function equalObjects(left: Exclude<CelValue, null | number | bigint | string | boolean>, right: CelValue) {
  if (left instanceof CelList) {
    // Lists and objects of a schema refuse what is none, where others are just not equal to it.
    if (left.equalTo) return right instanceof CelList ? left.equalTo(right) : noSuchOverload;
    return right instanceof CelList && equalLists(left, right);
  }
  if (left instanceof CelMap) {
    if (left.equalTo) return right instanceof CelMap ? left.equalTo(right) : noSuchOverload;
    return right instanceof CelMap && equalMaps(left, right);
  }
  if (left instanceof CelOpaque) return left.equals(right);
  if (left instanceof CelDouble) {
    if (right instanceof CelDouble) return left.value === right.value;
    if (typeof right === 'number' || typeof right === 'bigint') return equalIntDouble(right, left.value);
    return right instanceof CelUint && Number(right.value) === left.value;
  }
  if (left instanceof CelUint) {
    if (right instanceof CelUint) return left.value === right.value;
    if (typeof right === 'number' || typeof right === 'bigint') return BigInt(right) === left.value;
    return right instanceof CelDouble && Number(left.value) === right.value;
  }
  if (left instanceof CelDuration) return right instanceof CelDuration && left.nanos === right.nanos;
  if (left instanceof CelTimestamp)
    return right instanceof CelTimestamp && left.seconds === right.seconds && left.nanos === right.nanos;
  if (left instanceof CelTypeValue)
    return right instanceof CelTypeValue && typeName(left.type) === typeName(right.type);
  if (left instanceof CelOptional) return right instanceof CelOptional && equalOptionals(left, right);
  return right instanceof Uint8Array && equalBytes(left, right);
}

function equalOptionals(left: CelOptional, right: CelOptional): boolean | CelError {
  if (left.value === undefined || right.value === undefined) return left.value === right.value;
  return equal(left.value, right.value);
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

function equalLists(left: CelList, right: CelList): boolean {
  if (left.size !== right.size) return false;
  for (let index = 0; index < left.size; index++) {
    const [ours, theirs] = [left.at(index), right.at(index)];
    // Items that cannot be compared do not make lists different: upstream looks for `false` alone.
    if (ours instanceof CelError || theirs instanceof CelError) continue;
    if (equal(ours, theirs) === false) return false;
  }
  return true;
}

function equalMaps(left: CelMap, right: CelMap): boolean {
  if (left.size !== right.size) return false;
  if (left.type || right.type) {
    if (!left.type || !right.type || typeName(left.type) !== typeName(right.type)) return false;
  }
  for (const key of left.keys()) {
    const [ours, theirs] = [left.find(key), right.find(key)];
    if (theirs === undefined) return false;
    if (ours === undefined || ours instanceof CelError || theirs instanceof CelError) continue;
    if (equal(ours, theirs) === false) return false;
  }
  return true;
}

/** Whether a list has the value; an item that cannot be compared is not it. */
export function listHas(list: CelList, value: CelValue): boolean {
  for (let index = 0; index < list.size; index++) {
    const item = list.at(index);
    if (!(item instanceof CelError) && equal(value, item) === true) return true;
  }
  return false;
}
