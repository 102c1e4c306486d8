/** Optional values, and what the macros over maps build with. */

import { celTypes } from '../types.ts';
import { itemsOf, ValueList } from '../value/list.ts';
import { ValueMap } from '../value/map.ts';
import { textOf } from '../value/text.ts';
import {
  CelError,
  type CelList,
  type CelMap,
  CelOptional,
  type CelValue,
  type Evaluated,
  noValue,
} from '../value/value.ts';
import { isZero } from '../value/zero.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';

const { bool, dyn, int, string } = celTypes;
const [k, v] = [celTypes.param('K'), celTypes.param('V')];
const [optionalV, listV, mapKV] = [celTypes.optional(v), celTypes.list(v), celTypes.map(k, v)];
const optionals = celTypes.list(optionalV);

const emptyOptional = new CelError('optional.none() dereference');

function at(list: CelList, index: number): Evaluated {
  if (list.size === 0) return noValue;
  const item = list.at(index);
  return item instanceof CelError ? item : new CelOptional(item);
}

function unwrap(list: CelList): Evaluated {
  const held: CelValue[] = [];
  for (const item of itemsOf(list)) {
    if (!(item instanceof CelOptional)) return new CelError(`value ${textOf(item)} is not optional`);
    if (item.value !== undefined) held.push(item.value);
  }
  return new ValueList(held);
}

function insert(map: CelMap, key: CelValue, value: CelValue): Evaluated {
  if (map.find(key) !== undefined) return new CelError(`insert failed: key ${textOf(key)} already exists`);
  // Only a loop's own map gets here, and it is seen by nobody else before the loop is done.
  if (!(map instanceof ValueMap)) return new CelError('no such overload');
  map.put(key, value);
  return map;
}

function insertAll(map: CelMap, entries: CelMap): Evaluated {
  let filled: Evaluated = map;
  for (const key of entries.keys()) {
    const value = entries.find(key) ?? null;
    if (value instanceof CelError) return value;
    filled = insert(filled as CelMap, key, value);
    if (filled instanceof CelError) return filled;
  }
  return filled;
}

export const optionalValues: CelLibrary = {
  functions: [
    declare(
      'optional.of',
      overload('optional_of', [v], optionalV, (value: CelValue) => new CelOptional(value)),
    ),
    declare(
      'optional.ofNonZeroValue',
      overload('optional_ofNonZeroValue', [v], optionalV, (value: CelValue) =>
        isZero(value) ? noValue : new CelOptional(value),
      ),
    ),
    declare(
      'optional.none',
      overload('optional_none', [], optionalV, () => noValue),
    ),
    declare(
      'value',
      method('optional_value', [optionalV], v, ({ value }: CelOptional) =>
        value === undefined ? emptyOptional : value,
      ),
    ),
    declare(
      'hasValue',
      method('optional_hasValue', [optionalV], bool, ({ value }: CelOptional) => value !== undefined),
    ),
    declare('or', method('optional_or_optional', [optionalV, optionalV], optionalV)),
    declare('orValue', method('optional_orValue_value', [optionalV, v], v)),
    declare('_?._', overload('select_optional_field', [dyn, string], optionalV)),
    declare(
      '_[?_]',
      overload('list_optindex_optional_int', [listV, int], optionalV),
      overload('optional_list_optindex_optional_int', [celTypes.optional(listV), int], optionalV),
      overload('map_optindex_optional_value', [mapKV, k], optionalV),
      overload('optional_map_optindex_optional_value', [celTypes.optional(mapKV), k], optionalV),
    ),
    declare(
      '_[_]',
      overload('optional_list_index_int', [celTypes.optional(listV), int], optionalV),
      overload('optional_map_index_value', [celTypes.optional(mapKV), k], optionalV),
    ),
    declare(
      'last',
      method('list_last', [listV], optionalV, (list: CelList) => at(list, list.size - 1)),
    ),
    declare(
      'first',
      method('list_first', [listV], optionalV, (list: CelList) => at(list, 0)),
    ),
    declare('optional.unwrap', overload('optional_unwrap', [optionals], listV, unwrap)),
    declare('unwrapOpt', method('optional_unwrapOpt', [optionals], listV, unwrap)),
    declare(
      'cel.@mapInsert',
      overload('@mapInsert_map_key_value', [mapKV, k, v], mapKV, insert),
      overload('@mapInsert_map_map', [mapKV, mapKV], mapKV, insertAll),
    ),
  ],
};
