/** What a field holds: how it is written, read, and what JSON shows where Go has its zero value. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

export interface WriteOptions {
  readonly writer: Writer;
  /** The JSON text of a member that is kept as text, so that it need not be parsed first; undefined for all others. */
  readonly textOf?: (holder: JsonObject, name: string) => string | undefined;
}

export interface Value {
  /** 0: varint. 1: eight bytes. 2: as many as their length says. */
  readonly wire: 0 | 1 | 2;
  /** Without tag and length. Throws ProtobufError for JSON of another type; undefined and null are the zero value. */
  readonly write: (options: WriteOptions, json: JsonValue | undefined) => void;
  /** `known`: what the same field was read as before in the same message; the wire format merges messages. */
  readonly read: (reader: Reader, known: JsonValue | undefined) => JsonValue;
  /** What JSON shows of the zero value. */
  readonly zero: () => JsonValue;
  /** Types that Go calls empty when they are zero; structs never are. */
  readonly canBeEmpty: boolean;
  /** Slices and their like: nil is not written at all, though there is no pointer. */
  readonly nil: boolean;
  /** A message that holds JSON as text: `raw`, its first field. */
  readonly json?: boolean;
}

const rawTag = 1 * 8 + 2;

export function writeRawText(writer: Writer, text: string): void {
  const before = writer.written;
  writer.text(text);
  writer.delimit(before, rawTag);
}
