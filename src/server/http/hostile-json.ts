/** What a text may be as JSON and still cannot be taken: nested without end, or with halves of characters in it. */
import type { JsonValue } from '#kube/meta/object.ts';

/** Go's decoder goes no deeper. */
const deepest = 10_000;

const [quote, backslash] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];
const [openList, closeList, openMap, closeMap] = ['[', ']', '{', '}'].map((char) => char.charCodeAt(0));

/** The bracket that is one too deep. A body that is not longer than that is not looked at. */
export function tooDeep(body: Buffer): '[' | '{' | undefined {
  if (body.byteLength <= deepest) return undefined;
  let depth = 0;
  for (let at = 0; at < body.byteLength; at++) {
    const byte = body[at]!;
    if (byte === quote) {
      at++;
      while (at < body.byteLength && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
    } else if (byte === openList || byte === openMap) {
      if (++depth > deepest) return byte === openList ? '[' : '{';
    } else if (byte === closeList || byte === closeMap) depth--;
  }
  return undefined;
}

/** Only an escape can leave half of a character behind: UTF-8 is read whole. */
const half = /\\u[dD][89a-fA-F]/;

/** Halves of characters become U+FFFD, as Go reads them: no UTF-8 has them. */
export function whole(text: string, value: JsonValue): JsonValue {
  return half.test(text) ? wellFormed(value) : value;
}

function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const entries = Object.entries(value).map(([key, each]) => [key.toWellFormed(), wellFormed(each ?? null)]);
  return Object.fromEntries(entries) as JsonValue;
}
