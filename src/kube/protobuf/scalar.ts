/** Protobuf's scalar types, as far as Kubernetes uses them, and the JSON of each. */
import type { JsonValue } from '../meta/object.ts';
import { ProtobufError } from './error.ts';
import type { Value } from './value.ts';

function wanted(what: string, json: JsonValue): ProtobufError {
  return new ProtobufError(`a ${what} is wanted where there is a ${json === null ? 'null' : typeof json}`);
}

function numberIn(json: JsonValue | undefined): number {
  if (json === undefined || json === null) return 0;
  if (typeof json !== 'number') throw wanted('number', json);
  return json;
}

/** -0 has no place in an integer. */
function integerIn(json: JsonValue | undefined): number {
  const number = numberIn(json);
  if (!Number.isInteger(number)) throw wanted('whole number', String(number));
  return number === 0 ? 0 : number;
}

function textIn(json: JsonValue | undefined): string {
  if (json === undefined || json === null) return '';
  if (typeof json !== 'string') throw wanted('string', json);
  return json;
}

function flagIn(json: JsonValue | undefined): boolean {
  if (json === undefined || json === null) return false;
  if (typeof json !== 'boolean') throw wanted('boolean', json);
  return json;
}

const plain = { canBeEmpty: true, nil: false } as const;

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new ProtobufError(`JSON has no number for ${value}`);
  return value;
}

export const scalars: Readonly<Record<string, Value>> = {
  bool: {
    ...plain,
    wire: 0,
    write: ({ writer }, json) => writer.varint(flagIn(json) ? 1 : 0),
    read: (reader) => reader.bool(),
    zero: () => false,
  },
  int32: {
    ...plain,
    wire: 0,
    write: ({ writer }, json) => writer.integer(integerIn(json)),
    read: (reader) => reader.int32(),
    zero: () => 0,
  },
  int64: {
    ...plain,
    wire: 0,
    write: ({ writer }, json) => writer.integer(integerIn(json)),
    read: (reader) => reader.int64(),
    zero: () => 0,
  },
  double: {
    ...plain,
    wire: 1,
    write: ({ writer }, json) => writer.double(numberIn(json)),
    read: (reader) => finite(reader.double()),
    zero: () => 0,
  },
  string: {
    ...plain,
    wire: 2,
    write: ({ writer }, json) => writer.text(textIn(json)),
    read: (reader) => reader.text(),
    zero: () => '',
  },
  bytes: {
    canBeEmpty: true,
    nil: true,
    wire: 2,
    write: ({ writer }, json) => writer.raw(Buffer.from(textIn(json), 'base64')),
    read: (reader) => reader.bytes().toString('base64'),
    zero: () => null,
  },
};
