/** Kubernetes' functions on lists, and cel-go's list and set extensions. */

import { type CelType, celTypes } from '../types.ts';
import { compare, isComparable } from '../value/compare.ts';
import { equal, listHas } from '../value/equal.ts';
import type { CelInt } from '../value/int.ts';
import { kindName, kindText } from '../value/kind.ts';
import { itemsOf, ValueList, valuesOf } from '../value/list.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelList,
  CelUint,
  type CelValue,
  type Evaluated,
  noSuchOverload,
} from '../value/value.ts';
import { add } from './arithmetic.ts';
import { type CelLibrary, declare, declareWith, method, overload } from './declare.ts';
import { listTooLong, longestList } from './limits.ts';

const { bool, bytes, double, duration, dyn, int, string, timestamp, uint } = celTypes;
const [a, t] = [celTypes.param('A'), celTypes.param('T')];
const [listA, listT] = [celTypes.list(a), celTypes.list(t)];
const list = celTypes.list;

const comparable: readonly (readonly [string, CelType])[] = Object.entries({
  int,
  uint,
  double,
  bool,
  duration,
  timestamp,
  string,
  bytes,
});

function isSorted(values: CelList): Evaluated {
  let previous: CelValue | undefined;
  for (const item of itemsOf(values)) {
    if (item instanceof CelError) return item;
    if (!isComparable(item)) return noSuchOverload;
    if (previous !== undefined && compare(previous, item) === 1) return false;
    previous = item;
  }
  return true;
}

const sum =
  (zero: CelValue) =>
  (values: CelList): Evaluated => {
    let total: Evaluated = zero;
    for (const item of itemsOf(values)) {
      if (item instanceof CelError) return item;
      total = add(total, item);
      if (total instanceof CelError) return total;
    }
    return total;
  };

/** The item that none comes before, in the direction of `prefer`. */
const extreme =
  (name: string, prefer: 1 | -1) =>
  (values: CelList): Evaluated => {
    let best: CelValue | undefined;
    for (const item of itemsOf(values)) {
      if (item instanceof CelError) return item;
      if (!isComparable(item)) return noSuchOverload;
      if (best === undefined || compare(best, item) === prefer) best = item;
    }
    return best ?? new CelError(`${name} called on empty list`);
  };

function indexOf(values: CelList, value: CelValue): Evaluated {
  for (let index = 0; index < values.size; index++) if (isItem(values, index, value)) return index;
  return -1;
}

function lastIndexOf(values: CelList, value: CelValue): Evaluated {
  for (let index = values.size - 1; index >= 0; index--) if (isItem(values, index, value)) return index;
  return -1;
}

function isItem(values: CelList, index: number, value: CelValue): boolean {
  const item = values.at(index);
  return !(item instanceof CelError) && equal(item, value) === true;
}

function slice(values: CelList, start: CelInt, end: CelInt): Evaluated {
  const refused = (why: string) => new CelError(`cannot slice(${start}, ${end}), ${why}`);
  if (start < 0 || end < 0) return refused('negative indexes not supported');
  if (start > end) return refused('start index must be less than or equal to end index');
  if (end > values.size) return refused(`list is length ${values.size}`);
  const all = valuesOf(values);
  return all instanceof CelError ? all : new ValueList(all.slice(Number(start), Number(end)));
}

const notFlat = (values: CelValue, depth: CelInt | undefined): CelError =>
  new CelError(`no such overload: ${kindText(values)}.flatten(${depth === undefined ? '' : kindText(depth)})`);

function flatten(values: CelValue, depth?: CelInt): Evaluated {
  if (!(values instanceof CelList)) return notFlat(values, depth);
  if (depth !== undefined && depth < 0) return new CelError('level must be non-negative');
  const flat: CelValue[] = [];
  const failed = flattenInto(flat, values, Number(depth ?? 1));
  return failed ?? new ValueList(flat);
}

function flattenInto(flat: CelValue[], values: CelList, depth: number): CelError | undefined {
  for (const item of itemsOf(values)) {
    if (item instanceof CelError) return item;
    if (item instanceof CelList && depth > 0) {
      const failed = flattenInto(flat, item, depth - 1);
      if (failed) return failed;
    } else if (flat.push(item) > longestList) return listTooLong;
  }
  return undefined;
}

function sortBy(values: CelList, by: CelList): Evaluated {
  if (values.size !== by.size)
    return new CelError(
      '@sortByAssociatedKeys() expected a list of the same size as the associated keys list, ' +
        `but got ${values.size} and ${by.size} elements respectively`,
    );
  if (values.size === 0) return values;
  const [items, keys] = [valuesOf(values), valuesOf(by)];
  if (items instanceof CelError) return items;
  if (keys instanceof CelError) return keys;
  if (!isComparable(keys[0]!)) return new CelError('list elements must be comparable');
  const kind = kindName(keys[0]!);
  if (keys.some((key) => kindName(key) !== kind)) return new CelError('list elements must have the same type');
  const order = keys.map((_key, index) => index).sort((left, right) => Number(compare(keys[left]!, keys[right]!)) || 0);
  return new ValueList(order.map((index) => items[index]!));
}

function range(count: CelInt): Evaluated {
  if (count > longestList) return listTooLong;
  return new ValueList(Array.from({ length: Math.max(0, Number(count)) }, (_none, index) => index));
}

function reverse(values: CelList): Evaluated {
  const all = valuesOf(values);
  return all instanceof CelError ? all : new ValueList([...all].reverse());
}

function distinct(values: CelList): Evaluated {
  const found: CelValue[] = [];
  const all = valuesOf(values);
  if (all instanceof CelError) return all;
  for (const value of all) if (!found.some((known) => equal(value, known) === true)) found.push(value);
  return new ValueList(found);
}

function contains(values: CelList, part: CelList): boolean {
  for (const item of itemsOf(part)) if (item instanceof CelError || !listHas(values, item)) return false;
  return true;
}

const intersects = (left: CelList, right: CelList): boolean =>
  [...itemsOf(left)].some((item) => !(item instanceof CelError) && listHas(right, item));

const sets = (name: string, run: (left: CelList, right: CelList) => boolean) =>
  declare(`sets.${name}`, overload(`list_sets_${name}_list`, [listT, listT], bool, run));

const summable = [
  ['int', int, sum(0)],
  ['uint', uint, sum(new CelUint(0n))],
  ['double', double, sum(new CelDouble(0))],
  ['duration', duration, sum(new CelDuration(0n))],
] as const;

export const kubernetesLists: CelLibrary = {
  functions: [
    declare(
      'isSorted',
      ...comparable.map(([name, type]) => method(`list_${name}_is_sorted_bool`, [list(type)], bool, isSorted)),
    ),
    declare('sum', ...summable.map(([name, type, run]) => method(`list_${name}_sum_${name}`, [list(type)], type, run))),
    declare(
      'max',
      ...comparable.map(([name, type]) => method(`list_${name}_max_${name}`, [list(type)], type, extreme('max', -1))),
    ),
    declare(
      'min',
      ...comparable.map(([name, type]) => method(`list_${name}_min_${name}`, [list(type)], type, extreme('min', 1))),
    ),
    declare('indexOf', method('list_a_index_of_int', [listA, a], int, indexOf)),
    declare('lastIndexOf', method('list_a_last_index_of_int', [listA, a], int, lastIndexOf)),
  ],
};

export const setExtensions: CelLibrary = {
  functions: [
    sets('contains', contains),
    sets('equivalent', (left, right) => contains(left, right) && contains(right, left)),
    sets('intersects', intersects),
  ],
};

export const listExtensions: CelLibrary = {
  functions: [
    declare('slice', method('list_slice', [listT, int, int], listT, slice)),
    {
      ...declare(
        'flatten',
        method('list_flatten', [list(listT)], listT, flatten),
        method('list_flatten_int', [list(dyn), int], list(dyn), flatten),
      ),
      unguarded: true,
    },
    declareWith(
      'sort',
      (values: CelValue) =>
        values instanceof CelList ? sortBy(values, values) : new CelError('no such overload: sort'),
      ...comparable.map(([name, type]) => method(`list_${name}_sort`, [list(type)], list(type))),
    ),
    declareWith(
      '@sortByAssociatedKeys',
      (values: CelValue, keys: CelValue) =>
        values instanceof CelList && keys instanceof CelList ? sortBy(values, keys) : noSuchOverload,
      ...comparable.map(([name, type]) => method(`list_${name}_sortByAssociatedKeys`, [listT, list(type)], listT)),
    ),
    declare('lists.range', overload('lists_range', [int], list(int), range)),
    declare('reverse', method('list_reverse', [listT], listT, reverse)),
    declare('distinct', method('list_distinct', [listT], listT, distinct)),
  ],
};
