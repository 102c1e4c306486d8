/** metav1.Time and MicroTime: RFC 3339 in JSON, seconds and nanoseconds on the wire. */
import type { JsonValue } from '../meta/object.ts';
import { ProtobufError } from './error.ts';

/** Go's zero time, 0001-01-01T00:00:00Z, which JSON shows as null. */
const zeroSeconds = -62_135_596_800;
/** 9999-12-31T23:59:59Z: RFC 3339 has no later year. */
const lastSecond = 253_402_300_799;

const fraction = /\.(\d+)/;

/** Throws ProtobufError for what is no time. */
export function secondsOf(json: JsonValue): { readonly seconds: number; readonly nanos: number } {
  const text = typeof json === 'string' ? json : '';
  const seconds = Math.floor(Date.parse(text) / 1_000);
  if (Number.isNaN(seconds)) throw new ProtobufError(`a time is wanted where there is ${JSON.stringify(json)}`);
  const digits = fraction.exec(text)?.[1] ?? '';
  return { seconds, nanos: Number(digits.slice(0, 6).padEnd(6, '0')) * 1_000 };
}

/** `2026-01-31T08:00:00`, or null for the zero time. */
function upToSeconds(seconds: number): string | null {
  if (seconds === zeroSeconds) return null;
  if (seconds < zeroSeconds || seconds > lastSecond)
    throw new ProtobufError(`${seconds} seconds since 1970 are beyond the years that can be written`);
  return new Date(seconds * 1_000).toISOString().slice(0, 19);
}

export function timeOf(seconds: number): string | null {
  const text = upToSeconds(seconds);
  return text === null ? null : `${text}Z`;
}

export function microTimeOf(seconds: number, nanos: number): string | null {
  const text = upToSeconds(seconds);
  if (text === null) return null;
  if (nanos < 0 || nanos > 999_999_999) throw new ProtobufError(`${nanos} nanoseconds are more than a second has`);
  const micros = Math.floor(nanos / 1_000);
  return `${text}.${String(micros).padStart(6, '0')}Z`;
}
