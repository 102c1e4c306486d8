/** The values literals stand for. */

import { intOf, largestInt } from '../value/int.ts';
import { CelUint, type CelValue } from '../value/value.ts';

/** undefined where the number is out of range. */
export function intLiteral(text: string, negative: boolean): CelValue | undefined {
  const size = BigInt(text);
  const value = negative ? -size : size;
  return value > largestInt || value < -largestInt - 1n ? undefined : intOf(value);
}

export function uintLiteral(text: string): CelUint | undefined {
  const value = BigInt(text.slice(0, -1));
  return value >= 2n ** 64n ? undefined : new CelUint(value);
}

const simple: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What stands between the quotes, with line breaks as `\n`; and whether backslashes mean nothing in it. */
function body(token: string): { raw: boolean; text: string } {
  const text = token.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const raw = /^[rR]/.test(text);
  const start = raw ? 1 : 0;
  const width = /^("""|''')/.test(text.slice(start)) && text.length - start >= 6 ? 3 : 1;
  return { raw, text: text.slice(start + width, -width) };
}

const escapes = /\\(?:([0-3][0-7][0-7])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

const isRune = (point: number): boolean => point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);

/** A string literal's value; an error text where an escape names no character. */
export function stringLiteral(token: string): { readonly value: string } | { readonly problem: string } {
  const { raw, text } = body(token);
  if (raw) return { value: text };
  let valid = true;
  const value = text.replaceAll(
    escapes,
    (_whole, octal?: string, hex?: string, short?: string, long?: string, other?: string) => {
      if (other !== undefined) return simple[other] ?? other;
      const point = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt((hex ?? short ?? long)!, 16);
      if (isRune(point)) return String.fromCodePoint(point);
      valid = false;
      return '';
    },
  );
  return valid ? { value } : { problem: 'invalid unicode code point' };
}

/** Escapes of a bytes literal stand for bytes, not for characters. */
export function bytesLiteral(token: string): { readonly value: Uint8Array } | { readonly problem: string } {
  const { raw, text } = body(token.slice(1));
  const encoder = new TextEncoder();
  if (raw) return { value: encoder.encode(text) };
  const bytes: number[] = [];
  let at = 0;
  for (const match of text.matchAll(escapes)) {
    bytes.push(...encoder.encode(text.slice(at, match.index)));
    at = match.index + match[0].length;
    const [, octal, hex, short, long, other] = match;
    if (short !== undefined || long !== undefined) return { problem: 'unable to unescape string' };
    if (other !== undefined) bytes.push(...encoder.encode(simple[other] ?? other));
    else bytes.push(octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex!, 16));
  }
  bytes.push(...encoder.encode(text.slice(at)));
  return { value: Uint8Array.from(bytes) };
}
