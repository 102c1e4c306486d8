/** Values as Go prints them into error texts. */

import { typeName } from '../types.ts';
import { formatDuration } from './duration.ts';
import { itemsOf } from './list.ts';
import { formatGeneral } from './number-text.ts';
import { formatTimestamp } from './timestamp.ts';
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
  type Evaluated,
} from './value.ts';

/** Beyond this many characters an error text only hides what it says. */
const longestText = 1024;

export function textOf(value: Evaluated): string {
  const text = write(value);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

function write(value: Evaluated): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'NULL_VALUE' : writeObject(value);
  }
}

function writeObject(value: Exclude<Evaluated, null | number | bigint | string | boolean>): string {
  if (value instanceof CelError) return value.message;
  if (value instanceof CelDouble) return formatGeneral(value.value);
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelTypeValue) return typeName(value.type);
  if (value instanceof CelOptional)
    return value.value === undefined ? 'optional.none()' : `optional(${textOf(value.value)})`;
  if (value instanceof CelOpaque) return value.text();
  if (value instanceof CelList) return `[${take(itemsOf(value)).map(textOf).join(', ')}]`;
  if (value instanceof CelMap)
    return `{${take(value.keys())
      .map((key) => `${textOf(key)}: ${textOf(value.find(key) ?? null)}`)
      .join(', ')}}`;
  return `[${[...value.subarray(0, longestText)].join(' ')}]`;
}

/** No more entries than an error text shows. */
function take<T>(values: Iterable<T>): T[] {
  const taken: T[] = [];
  for (const value of values) {
    if (taken.length >= longestText) break;
    taken.push(value);
  }
  return taken;
}
