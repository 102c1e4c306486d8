/** Values as cel-go's own text form, in which values of different types are never the same text. */

import { formatDuration } from './value/duration.ts';
import { itemsOf } from './value/list.ts';
import { formatPlain } from './value/number-text.ts';
import { quote } from './value/quote.ts';
import { textOf } from './value/text.ts';
import { formatTimestamp } from './value/timestamp.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelUint,
  type Evaluated,
} from './value/value.ts';

export function literalText(value: Evaluated): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value);
  if (value instanceof CelUint) return `${value.value}u`;
  if (value instanceof CelDouble) return doubleText(value.value);
  if (value instanceof CelDuration) return `duration("${formatDuration(value)}")`;
  if (value instanceof CelTimestamp)
    return `timestamp("${formatTimestamp(new CelTimestamp(value.seconds, value.nanos))}")`;
  if (value instanceof CelOptional)
    return value.value === undefined ? 'optional.none()' : `optional.of(${literalText(value.value)})`;
  if (value instanceof CelList) return `[${[...itemsOf(value)].map(literalText).join(', ')}]`;
  if (value instanceof CelMap) {
    const entries = [...value.keys()].map((key) => [literalText(key), literalText(value.find(key) ?? null)] as const);
    entries.sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map((entry) => entry.join(': ')).join(', ')}}`;
  }
  if (value instanceof Uint8Array)
    return `b"${Array.from(value, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
  return value instanceof CelError ? value.message : textOf(value);
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'double("NaN")';
  if (!Number.isFinite(value)) return value > 0 ? 'double("Infinity")' : 'double("-Infinity")';
  const text = formatPlain(value);
  return text.includes('.') ? text : `${text}.0`;
}
