/**
 * DER (X.690): the little of it that certificates need, written and read. Ours, because the libraries that do all of
 * ASN.1 take 200 ms of CPU to load, and a control plane makes its certificates while somebody waits for it.
 */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

const element = (tag: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([tag]), lengthBytes(content.byteLength), content]);

export const sequence = (...parts: Uint8Array[]) => element(tags.sequence, Buffer.concat(parts));
export const set = (...parts: Uint8Array[]) => element(tags.set, Buffer.concat(parts));
export const boolean = (value: boolean) => element(tags.boolean, Buffer.from([value ? 0xff : 0]));
export const utf8String = (text: string) => element(tags.utf8String, Buffer.from(text));
export const octetString = (bytes: Uint8Array) => element(tags.octetString, bytes);
/** [n] constructed, around other elements. */
export const explicit = (number: number, ...parts: Uint8Array[]) => element(0xa0 | number, Buffer.concat(parts));
/** [n] primitive, in place of another tag. */
export const implicit = (number: number, content: Uint8Array) => element(0x80 | number, content);
export const bitString = (bytes: Uint8Array, unusedBits = 0) =>
  element(tags.bitString, Buffer.concat([Buffer.from([unusedBits]), bytes]));

/** Big-endian and not negative. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const trimmed = bytes.subarray(start);
  return element(tags.integer, trimmed[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128))
      groups.unshift((high & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return element(tags.oid, Buffer.from(bytes));
}

/** UTCTime until 2049, GeneralizedTime after, as RFC 5280 wants it. */
export function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  return digits < '2050'
    ? element(tags.utcTime, Buffer.from(digits.slice(2)))
    : element(tags.generalizedTime, Buffer.from(digits));
}

export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag and length included. */
  readonly whole: Buffer;
}

/** The elements that follow one another in `bytes`. Throws RangeError on what is not DER. */
export function readElements(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? Number.NaN;
    let start = at + 2;
    if (length > 0x84) throw new RangeError('not DER: a length of more than four bytes');
    if (length >= 0x80) {
      const size = length & 0x7f;
      length = size === 0 ? Number.NaN : bytes.readUIntBE(start, size);
      start += size;
    }
    const end = start + length;
    if (!(end <= bytes.length)) throw new RangeError('not DER: an element ends beyond its container');
    elements.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

/** The parts of a constructed element, at least `count` of them. */
export function partsOf(parent: DerElement | undefined, count: number): readonly DerElement[] {
  const parts = parent ? readElements(parent.content) : [];
  if (parts.length < count) throw new RangeError('DER of another form than expected: parts are missing');
  return parts;
}

export function readOid({ content }: DerElement): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}
