/** `int(...)`, `string(...)` and the other conversions. */

import { type CelType, celTypes } from '../types.ts';
import { toBool, toBytes, toDouble, toDuration, toInt, toText, toTimestamp, toType, toUint } from '../value/convert.ts';
import type { CelValue, Evaluated } from '../value/value.ts';
import { type CelLibrary, declare, declareWith, type Overload, overload } from './declare.ts';

const { bool, bytes, double, duration, int, string, timestamp, uint } = celTypes;
const a = celTypes.param('A');

const types = { bool, bytes, double, duration, int64: int, string, timestamp, uint64: uint } as const;
type Name = keyof typeof types;

const conversion = (run: (value: CelValue) => Evaluated, to: Name, ...from: Name[]): Overload[] =>
  from.map((name) => overload(`${name}_to_${to}`, [types[name]], types[to] as CelType, run));

const same = (value: CelValue): Evaluated => value;

export const conversions: CelLibrary = {
  functions: [
    declareWith('type', toType, overload('type', [a], celTypes.typeOf(a))),
    declare('bool', ...conversion(toBool, 'bool', 'bool', 'string')),
    declare('bytes', ...conversion(toBytes, 'bytes', 'bytes', 'string')),
    declare('double', ...conversion(toDouble, 'double', 'double', 'int64', 'string', 'uint64')),
    declare('duration', ...conversion(toDuration, 'duration', 'duration', 'int64', 'string')),
    declareWith('dyn', same, overload('to_dyn', [a], celTypes.dyn)),
    declare('int', ...conversion(toInt, 'int64', 'int64', 'double', 'duration', 'string', 'timestamp', 'uint64')),
    declare(
      'string',
      ...conversion(toText, 'string', 'string', 'bool', 'bytes', 'double', 'duration', 'int64', 'timestamp', 'uint64'),
    ),
    declare('timestamp', ...conversion(toTimestamp, 'timestamp', 'timestamp', 'int64', 'string')),
    declare('uint', ...conversion(toUint, 'uint64', 'uint64', 'double', 'int64', 'string')),
  ],
};
