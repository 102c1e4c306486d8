/** The operators of the language and `size`, as functions. */

import { type CelType, celTypes } from '../types.ts';
import { compare, isComparable } from '../value/compare.ts';
import { equal, listHas } from '../value/equal.ts';
import { sizeOf } from '../value/size.ts';
import {
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelTimestamp,
  type CelValue,
  type Evaluated,
  noSuchOverload,
} from '../value/value.ts';
import { add, divide, modulo, multiply, negate, subtract } from './arithmetic.ts';
import { type CelLibrary, declare, declareWith, method, type Overload, overload, type Run } from './declare.ts';

const { bool, bytes, double, duration, int, string, timestamp, uint } = celTypes;
const a = celTypes.param('A');
const b = celTypes.param('B');
const listOfA = celTypes.list(a);
const mapOfAB = celTypes.map(a, b);

const binary = (id: string, left: CelType, right: CelType, result: CelType): Overload =>
  overload(id, [left, right], result);

/** The names cel-go's ids have for types. */
const named = { bool, bytes, double, duration, int64: int, string, timestamp, uint64: uint } as const;

const same = (operator: string, ...names: (keyof typeof named)[]): Overload[] =>
  names.map((name) => binary(`${operator}_${name}`, named[name], named[name], named[name]));

function comparison(name: string, id: string, holds: (order: number) => boolean) {
  const run = (left: CelValue, right: CelValue): Evaluated => {
    const order = compare(left, right);
    if (typeof order === 'number') return holds(order);
    return isComparable(left) ? order : new CelError(`no such overload: ${name}`);
  };
  const numbers = ['int64', 'uint64', 'double'] as const;
  const across = numbers.flatMap((left) => [
    binary(`${id}_${left}`, named[left], named[left], bool),
    ...numbers
      .filter((right) => right !== left)
      .map((right) => binary(`${id}_${left}_${right}`, named[left], named[right], bool)),
  ]);
  const others = (['string', 'bytes', 'timestamp', 'duration'] as const).map((each) =>
    binary(`${id}_${each}`, named[each], named[each], bool),
  );
  return declareWith(name, run, binary(`${id}_bool`, bool, bool, bool), ...across, ...others);
}

function isIn(value: CelValue, container: CelValue): Evaluated {
  if (container instanceof CelList) return container.has ? container.has(value) : listHas(container, value);
  if (!(container instanceof CelMap)) return noSuchOverload;
  const found = container.find(value);
  return found instanceof CelError ? found : found !== undefined;
}

const never: Run = () => noSuchOverload;

/** `!error` is what a loop goes on with. */
const notFalse = (value: CelValue): Evaluated => (typeof value === 'boolean' ? value : true);

/** Times have functions of their own, so upstream asks those before it gives up. */
const isTime = (value: CelValue): boolean => value instanceof CelTimestamp || value instanceof CelDuration;

function size(value: CelValue): Evaluated {
  const found = sizeOf(value);
  if (found !== undefined) return found;
  return isTime(value) ? noSuchOverload : new CelError('no such overload: size');
}

const sized = [
  ['bytes', bytes],
  ['list', listOfA],
  ['map', mapOfAB],
  ['string', string],
] as const;

export const operators: CelLibrary = {
  functions: [
    declareWith('_?_:_', never, overload('conditional', [bool, a, a], a)),
    declareWith('_&&_', never, binary('logical_and', bool, bool, bool)),
    declareWith('_||_', never, binary('logical_or', bool, bool, bool)),
    declareWith(
      '!_',
      (value: CelValue) => (typeof value === 'boolean' ? !value : noSuchOverload),
      overload('logical_not', [bool], bool),
    ),
    declareWith('@not_strictly_false', notFalse, overload('not_strictly_false', [bool], bool)),
    declareWith('_==_', (left: CelValue, right: CelValue) => equal(left, right), binary('equals', a, a, bool)),
    declareWith(
      '_!=_',
      (left: CelValue, right: CelValue) => equal(left, right) !== true,
      binary('not_equals', a, a, bool),
    ),
    declareWith(
      '_+_',
      add,
      ...same('add', 'bytes', 'double'),
      binary('add_duration_duration', duration, duration, duration),
      binary('add_duration_timestamp', duration, timestamp, timestamp),
      binary('add_timestamp_duration', timestamp, duration, timestamp),
      ...same('add', 'int64'),
      binary('add_list', listOfA, listOfA, listOfA),
      ...same('add', 'string', 'uint64'),
    ),
    declareWith('_/_', divide, ...same('divide', 'double', 'int64', 'uint64')),
    declareWith('_%_', modulo, ...same('modulo', 'int64', 'uint64')),
    declareWith('_*_', multiply, ...same('multiply', 'double', 'int64', 'uint64')),
    declareWith('-_', negate, overload('negate_double', [double], double), overload('negate_int64', [int], int)),
    declareWith(
      '_-_',
      subtract,
      ...same('subtract', 'double'),
      binary('subtract_duration_duration', duration, duration, duration),
      ...same('subtract', 'int64'),
      binary('subtract_timestamp_duration', timestamp, duration, timestamp),
      binary('subtract_timestamp_timestamp', timestamp, timestamp, duration),
      ...same('subtract', 'uint64'),
    ),
    comparison('_<_', 'less', (order) => order < 0),
    comparison('_<=_', 'less_equals', (order) => order <= 0),
    comparison('_>_', 'greater', (order) => order > 0),
    comparison('_>=_', 'greater_equals', (order) => order >= 0),
    declare('_[_]', overload('index_list', [listOfA, int], a), overload('index_map', [mapOfAB, a], b)),
    declareWith('@in', isIn, overload('in_list', [a, listOfA], bool), overload('in_map', [a, mapOfAB], bool)),
    declareWith(
      'size',
      size,
      ...sized.flatMap(([name, type]) => [overload(`size_${name}`, [type], int), method(`${name}_size`, [type], int)]),
    ),
  ],
};
