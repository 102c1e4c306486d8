/**
 * What Kubernetes puts around a message so that it says what it is: four bytes, and a runtime.Unknown with apiVersion,
 * kind and the message itself. A watch's frames have their length before them, and the envelope within.
 */
import { ProtobufError } from './error.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const magic = Buffer.from('k8s\0');

const tag = (number: number) => number * 8 + 2;

/** Of runtime.Unknown. */
const [typeMetaTag, rawTag, encodingTag, typeTag] = [tag(1), tag(2), tag(3), tag(4)] as const;

export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

function writeText(writer: Writer, text: string, fieldTag: number): void {
  const before = writer.written;
  writer.text(text);
  writer.delimit(before, fieldTag);
}

/** Both are written though they are empty. */
function writeTail(writer: Writer): void {
  writeText(writer, '', typeTag);
  writeText(writer, '', encodingTag);
}

function writeHead(writer: Writer, { apiVersion, kind }: TypeMeta, length: number): void {
  writer.varint(length);
  writer.varint(rawTag);
  const before = writer.written;
  writeText(writer, kind, tag(2));
  writeText(writer, apiVersion, tag(1));
  writer.delimit(before, typeMetaTag);
  writer.raw(magic);
}

/** The envelope with the message that `write` writes into it. */
export function enveloped(type: TypeMeta, write: (writer: Writer) => void): Buffer {
  const writer = new Writer();
  writeTail(writer);
  const before = writer.written;
  write(writer);
  writeHead(writer, type, writer.written - before);
  return writer.bytes();
}

/** What comes before and after a message of `length` bytes that is written by itself. */
export function envelopeAround(type: TypeMeta, length: number): { readonly head: Buffer; readonly tail: Buffer } {
  const head = new Writer();
  writeHead(head, type, length);
  const headBytes = head.bytes();
  const tail = new Writer();
  writeTail(tail);
  return { head: headBytes, tail: tail.bytes() };
}

/** Throws ProtobufError for what has no envelope. */
export function opened(bytes: Buffer): TypeMeta & { readonly raw: Buffer } {
  if (!bytes.subarray(0, magic.byteLength).equals(magic))
    throw new ProtobufError(
      `provided data does not appear to be a protobuf message, expected prefix [${magic.join(' ')}]`,
    );
  const reader = new Reader(bytes.subarray(magic.byteLength));
  const type = { apiVersion: '', kind: '' };
  let raw: Buffer = Buffer.alloc(0);
  while (reader.more) {
    const { number, wire } = reader.tag();
    const field = number * 8 + wire;
    if (field === rawTag) raw = reader.bytes();
    else if (field === typeMetaTag) reader.within(() => readTypeMeta(reader, type));
    else reader.skip(wire);
  }
  return { ...type, raw };
}

function readTypeMeta(reader: Reader, type: { apiVersion: string; kind: string }): void {
  while (reader.more) {
    const { number, wire } = reader.tag();
    if (number === 1 && wire === 2) type.apiVersion = reader.text();
    else if (number === 2 && wire === 2) type.kind = reader.text();
    else reader.skip(wire);
  }
}

const lengthBytes = 4;

/** A frame of a watch: its length, then metav1.WatchEvent with no envelope of its own around an object that has one. */
export function watchFrame(type: string, object: Buffer): Buffer {
  const writer = new Writer();
  writer.raw(object);
  writer.delimit(0, tag(1));
  writer.delimit(0, tag(2));
  writeText(writer, type, tag(1));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(writer.written);
  writer.raw(length);
  return writer.bytes();
}
