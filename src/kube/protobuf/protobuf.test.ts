import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../meta/object.ts';
import { createCodec } from './codec.ts';
import { watchFrame } from './envelope.ts';
import { ProtobufError } from './error.ts';
import { messageTypes } from './types.ts';

const find = messageTypes({
  'p.Thing': {
    metadata: '1 Meta?',
    items: '2 []Thing?',
    flag: '3 bool?',
    count: '4 *int32?',
    total: '5 int64',
    share: '6 double?',
    data: '7 bytes?',
    numbers: '8 []int64?',
    labels: '9 {}string?',
    blobs: '10 {}bytes?',
    when: '11 Time?',
    exactly: '12 *MicroTime?',
    port: '13 Port',
    amounts: '14 {}Amount?',
    verbs: '15 Verbs',
    raw: '16 *Raw?',
    '+17': '17 Inner',
    others: '18 []string',
  },
  'p.Meta': { name: '1 string?', created: '2 Time?0' },
  'p.Inner': { key: '1 string', optional: '2 *bool?' },
  'p.Time': 'time',
  'p.MicroTime': 'microTime',
  'p.Port': 'intOrString',
  'p.Amount': 'quantity',
  'p.Verbs': 'list string',
  'p.Raw': 'json',
});
const { encode, decode } = createCodec((apiVersion, kind) => find(`${apiVersion}.${kind}`));

const type = { apiVersion: 'p', kind: 'Thing' };
/** What Go shows of a Thing in which nothing is set. */
const nothing = { ...type, metadata: {}, total: 0, when: null, port: 0, verbs: null, key: '', others: null };

/** The envelope of a Thing with these bytes. */
function enveloped(bytes: readonly number[]): Buffer {
  const empty = encode({ ...type });
  const [begin, length] = [empty.indexOf(Buffer.from('Thing')) + 5, bytes.length];
  return Buffer.concat([empty.subarray(0, begin), Buffer.from([0x12, length, ...bytes]), Buffer.from([26, 0, 34, 0])]);
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const safeInteger = fc.maxSafeInteger().map((value) => (value === 0 ? 0 : value));
const second = fc.integer({ min: -62_135_596_799, max: 253_402_300_799 });
const isoSeconds = second.map((value) => `${new Date(value * 1_000).toISOString().slice(0, 19)}Z`);
const filled = fc.string({ unit: 'grapheme', minLength: 1 });

const thing: fc.Arbitrary<JsonObject> = fc.record(
  {
    metadata: fc.record({ name: filled, created: isoSeconds }, { requiredKeys: [] }),
    flag: fc.constant(true),
    count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    total: safeInteger,
    share: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => value !== 0),
    data: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    numbers: fc.array(safeInteger, { minLength: 1 }),
    labels: fc.dictionary(text, text, { minKeys: 1 }),
    blobs: fc.dictionary(
      text,
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      { minKeys: 1 },
    ),
    when: isoSeconds,
    exactly: isoSeconds.map((value) => value.replace('Z', '.000123Z')),
    port: fc.oneof(fc.integer({ min: 0, max: 65_535 }), text),
    amounts: fc.dictionary(text, fc.constantFrom('100m', '1Gi', '0'), { minKeys: 1 }),
    verbs: fc.array(text),
    raw: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify({ value })) as JsonObject),
    key: text,
    optional: fc.boolean(),
    others: fc.array(text, { minLength: 1 }),
  },
  { requiredKeys: [] },
);

describe('any object', () => {
  test('comes back as it was, with what Go adds', () =>
    fc.assert(
      fc.property(thing, (object) => {
        expect(decode(encode({ ...type, ...object }))).toEqual({ ...nothing, ...object });
      }),
    ));

  test('is written the same each time', () =>
    fc.assert(
      fc.property(thing, (object) => {
        const once = encode({ ...type, ...object });
        expect(encode(decode(once)).equals(once)).toBe(true);
      }),
    ));
});

describe('bytes', () => {
  const tolerated = (bytes: Buffer) => {
    try {
      encode(decode(bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(ProtobufError);
    }
  };

  test('of any kind are an object or an error', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => tolerated(enveloped([...bytes]))),
      { numRuns: 2_000 },
    ));

  test('cut off or changed anywhere are an object or an error', () =>
    fc.assert(
      fc.property(thing, fc.nat(), fc.nat(), fc.nat(255), (object, cut, place, byte) => {
        const whole = encode({ ...type, ...object });
        tolerated(whole.subarray(0, cut % whole.byteLength));
        whole[place % whole.byteLength] = byte;
        tolerated(whole);
      }),
      { numRuns: 500 },
    ));

  test.each<[string, readonly number[], RegExp]>([
    ['that end within a number', [0x20, 0x80], /unexpected EOF/],
    ['that end within a text', [0x0a, 0x05, 0x0a], /unexpected EOF/],
    ['whose number has more than 64 bits', [0x28, ...Array<number>(10).fill(0xff), 1], /integer overflow/],
    ['of another type than the field has', [0x22, 0x01, 0x00], /wrong wireType = 2 for field count/],
    ['of field 0', [0x02, 0x00], /illegal tag 0/],
    ['of a wire type there is not', [0x1e], /wrong wireType = 6/],
    ['with a wire type there is not, unknown', [0xa6, 0x06], /illegal wireType 6/],
    ['with an end of a group that did not begin', [0xa4, 0x06], /illegal wireType 4/],
    ['with a length beyond any', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], /negative length/],
    [
      'with a year that cannot be written',
      [0x5a, 0x08, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20],
      /beyond the years/,
    ],
    ['with JSON that is none', [0x82, 0x01, 0x03, 0x0a, 0x01, 0x7b], /raw JSON/],
  ])('%s', (_what, bytes, message) => {
    expect(() => decode(enveloped(bytes))).toThrow(ProtobufError);
    expect(() => decode(enveloped(bytes))).toThrow(message);
  });

  test('of fields nobody knows are passed over', () => {
    const unknown = [0xa0, 0x06, 0x01, 0xa1, 0x06, 0, 0, 0, 0, 0, 0, 0, 0, 0xa2, 0x06, 0x01, 0x61];
    const group = [0xa3, 0x06, 0x08, 0x01, 0xa4, 0x06, 0xa5, 0x06, 0, 0, 0, 0];
    expect(decode(enveloped([...unknown, ...group, 0x28, 0x07]))).toEqual({ ...nothing, total: 7 });
  });

  test('of packed numbers are a list', () => {
    expect(decode(enveloped([0x42, 0x03, 0x01, 0x96, 0x01, 0x40, 0x05]))).toEqual({ ...nothing, numbers: [1, 150, 5] });
  });

  test('of a message in two parts are one object', () => {
    const parts = [0x0a, 0x03, 0x0a, 0x01, 0x61, 0x0a, 0x06, 0x12, 0x04, 0x08, 0x01, 0x10, 0x00];
    expect(decode(enveloped(parts))).toEqual({ ...nothing, metadata: { name: 'a', created: '1970-01-01T00:00:01Z' } });
  });

  test('nested without end are an error', () => {
    let bytes: number[] = [];
    for (let depth = 0; depth < 40; depth++) bytes = [0x12, bytes.length, ...bytes];
    expect(() => decode(enveloped(bytes))).not.toThrow();
    const deep = Array.from({ length: 600 }, () => ({ ...type })).reduce<JsonObject>(
      (inner, outer) => ({ ...outer, items: [inner] }),
      {},
    );
    expect(() => decode(encode({ ...deep, ...type }))).toThrow('nested too deeply');
  });
});

describe('a member called __proto__', () => {
  test('is a member', () => {
    const labels = JSON.parse('{"__proto__":"x"}') as JsonObject;
    const read = decode(encode({ ...type, labels }));
    expect(Object.entries(read.labels as JsonObject)).toEqual([['__proto__', 'x']]);
  });
});

describe('an envelope', () => {
  test.each([
    ['is missing', Buffer.from('{}'), /expected prefix \[107 56 115 0\]/],
    ['is empty', Buffer.from('k8s\0'), /'Kind' is missing/],
    ['names no kind of ours', encodeElsewhere(), /no kind "Widget" is registered for version "p" in protobuf/],
  ])('that %s', (_what, bytes, message) => expect(() => decode(bytes)).toThrow(message));

  function encodeElsewhere(): Buffer {
    const other = createCodec(() => find('p.Thing'));
    return other.encode({ apiVersion: 'p', kind: 'Widget' });
  }
});

describe('a value of a wrong type', () => {
  test.each<[JsonObject, RegExp]>([
    [{ count: 'a' }, /a number is wanted/],
    [{ total: 1.5 }, /a whole number is wanted/],
    [{ flag: 1 }, /a boolean is wanted/],
    [{ key: 1 }, /a string is wanted/],
    [{ items: {} }, /items: a list is wanted/],
    [{ labels: [] }, /labels: an object is wanted/],
    [{ metadata: 'a' }, /an object is wanted/],
    [{ when: 'soon' }, /a time is wanted where there is "soon"/],
  ])('%j', (object, message) => {
    expect(() => encode({ ...type, ...object })).toThrow(ProtobufError);
    expect(() => encode({ ...type, ...object })).toThrow(message);
  });
});

test('a frame of a watch says its length first', () => {
  const frame = watchFrame('ADDED', Buffer.from('k8s\0'));
  expect(frame.readUInt32BE()).toBe(frame.byteLength - 4);
  expect(frame.subarray(4).toString('latin1')).toBe('\x0a\x05ADDED\x12\x06\x0a\x04k8s\0');
});
