/**
 * How an object lies on disk: a header of 24 bytes (checksum, 4 unused, revision, time of writing), then its JSON in
 * UTF-8, then the texts of its managed fields, each on a line. The checksum covers all that follows it and the key, so damage is found when the store is opened.
 */
import { Buffer } from 'node:buffer';
import type { KubeObject } from '#kube/meta/object.ts';
import { crc32 } from '#world/disk/checksum.ts';
import type { JournalRecord } from './journal.ts';
import { fromDiskText, toDiskText } from './object-text.ts';

const checksumBytes = 4;
const revisionAt = 8;
const writtenAtAt = 16;
const headerBytes = 24;
/** JSON as we write it has none in it. */
const newline = 0x0a;

/** Space for encoding is taken in pieces of this size and used again after each group. */
const pieceBytes = 1 << 20;
/** A unit of a JavaScript string takes at most 3 bytes of UTF-8 (a pair of surrogates 4). */
const bytesPerUnit = 3;

/** Encodes records one behind another; what it answered is valid until `reset`. */
export class RecordEncoder {
  private piece = Buffer.allocUnsafeSlow(pieceBytes);
  private used = 0;

  encode(key: string, { object, revision, writtenAt }: JournalRecord): Uint8Array {
    const { json, fields } = toDiskText(object);
    let needed = headerBytes + json.length * bytesPerUnit;
    for (const text of fields) needed += 1 + text.length * bytesPerUnit;
    if (this.piece.length - this.used < needed) {
      this.piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, needed));
      this.used = 0;
    }
    const start = this.used;
    let end = start + headerBytes;
    end += this.piece.write(json, end);
    for (const text of fields) {
      this.piece[end++] = newline;
      end += this.piece.write(text, end);
    }
    const bytes = this.piece.subarray(start, end);
    bytes.writeUInt32LE(0, checksumBytes);
    bytes.writeDoubleLE(revision, revisionAt);
    bytes.writeDoubleLE(writtenAt, writtenAtAt);
    bytes.writeUInt32LE(crc32(key, contentChecksum(bytes)));
    this.used = end;
    return bytes;
  }

  reset(): void {
    if (this.piece.length > pieceBytes) this.piece = Buffer.allocUnsafeSlow(pieceBytes);
    this.used = 0;
  }
}

const contentChecksum = (bytes: Buffer) => crc32(bytes.subarray(checksumBytes));

/** What can be told of a record without parsing it. */
export interface RecordHeader {
  readonly revision: number;
  readonly writtenAt: number;
}

/** Undefined when these are not the bytes that were written under the key. */
export function decodeHeader(key: string, bytes: Buffer): RecordHeader | undefined {
  if (bytes.length < headerBytes || crc32(key, contentChecksum(bytes)) !== bytes.readUInt32LE()) return undefined;
  return { revision: bytes.readDoubleLE(revisionAt), writtenAt: bytes.readDoubleLE(writtenAtAt) };
}

export function decodeObject(bytes: Buffer): KubeObject {
  const fields: string[] = [];
  let end = bytes.indexOf(newline, headerBytes);
  const json = bytes.toString('utf8', headerBytes, end < 0 ? bytes.length : end);
  while (end >= 0) {
    const next = bytes.indexOf(newline, end + 1);
    fields.push(bytes.toString('utf8', end + 1, next < 0 ? bytes.length : next));
    end = next;
  }
  return fromDiskText({ json, fields });
}
