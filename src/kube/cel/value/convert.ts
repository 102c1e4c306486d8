/** Conversions between types: `int(...)`, `string(...)`, `timestamp(...)` and the others. */

import { celTypes, typeName } from '../types.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { type CelInt, checkedInt, checkedUint, intOf, intOfDouble, isInt, uintOfDouble } from './int.ts';
import { kindOf, kindText } from './kind.ts';
import { formatGeneral, parseFloat64, parseInt64, parseUint64 } from './number-text.ts';
import { formatTimestamp, parseTimestamp, timestampOf } from './timestamp.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  type Evaluated,
} from './value.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

const refused = (value: CelValue, target: string): CelError =>
  new CelError(`type conversion error from '${kindText(value)}' to '${target}'`);

export const toType = (value: CelValue): CelTypeValue =>
  new CelTypeValue(value instanceof CelTypeValue ? celTypes.type : kindOf(value));

export function toInt(value: CelValue): Evaluated {
  if (isInt(value)) return value;
  if (value instanceof CelUint) return checkedInt(value.value);
  if (value instanceof CelDouble) return intOfDouble(value.value);
  if (value instanceof CelTimestamp) return value.seconds;
  if (value instanceof CelDuration) return intOf(value.nanos);
  return (typeof value === 'string' ? parseInt64(value) : undefined) ?? refused(value, 'int');
}

export function toUint(value: CelValue): Evaluated {
  if (value instanceof CelUint) return value;
  if (isInt(value)) return checkedUint(BigInt(value));
  if (value instanceof CelDouble) return uintOfDouble(value.value);
  const parsed = typeof value === 'string' ? parseUint64(value) : undefined;
  return parsed === undefined ? refused(value, 'uint') : new CelUint(parsed);
}

export function toDouble(value: CelValue): Evaluated {
  if (value instanceof CelDouble) return value;
  if (isInt(value)) return new CelDouble(Number(value));
  if (value instanceof CelUint) return new CelDouble(Number(value.value));
  const parsed = typeof value === 'string' ? parseFloat64(value) : undefined;
  return parsed === undefined ? refused(value, 'double') : new CelDouble(parsed);
}

/** strconv.ParseBool. */
const truths: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false])),
};

export function toBool(value: CelValue): Evaluated {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' && Object.hasOwn(truths, value) ? truths[value]! : refused(value, 'bool');
}

export function toBytes(value: CelValue): Evaluated {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? encoder.encode(value) : refused(value, 'bytes');
}

export function toText(value: CelValue): Evaluated {
  if (typeof value === 'string') return value;
  if (isInt(value) || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof CelDouble) return formatGeneral(value.value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (value instanceof CelTypeValue) return typeName(value.type);
  if (!(value instanceof Uint8Array)) return refused(value, 'string');
  try {
    return utf8.decode(value);
  } catch {
    return new CelError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

export function toTimestamp(value: CelValue): Evaluated {
  if (value instanceof CelTimestamp) return value;
  if (isInt(value)) return timestampOf(Number(value as CelInt), 0);
  return (typeof value === 'string' ? parseTimestamp(value) : undefined) ?? refused(value, 'google.protobuf.Timestamp');
}

export function toDuration(value: CelValue): Evaluated {
  if (value instanceof CelDuration) return value;
  const nanos = typeof value === 'string' ? parseDuration(value) : undefined;
  return nanos === undefined ? refused(value, 'google.protobuf.Duration') : new CelDuration(nanos);
}
