/**
 * How an object lies on disk: a header of 24 bytes (revision, time of writing, checksum, 4 unused), then its JSON in
 * UTF-8. The checksum covers key, header and JSON, so damage is found when the store is opened.
 */
import { Buffer } from 'node:buffer';
import { crc32 } from '#world/disk/checksum.ts';
import type { JournalRecord } from './journal.ts';

const headerBytes = 24;
const checkedHeaderBytes = 16;

/** Space for encoding is taken in pieces of this size and used again after each group. */
const pieceBytes = 1 << 20;
/** A unit of a JavaScript string takes at most 3 bytes of UTF-8 (a pair of surrogates 4). */
const bytesPerCharacter = 3;

/** Encodes records one behind another; what it answered is valid until `reset`. */
export class RecordEncoder {
  private piece = Buffer.allocUnsafeSlow(pieceBytes);
  private used = 0;

  encode(key: string, { object, revision, writtenAt }: JournalRecord): Uint8Array {
    const text = JSON.stringify(object);
    const needed = headerBytes + text.length * bytesPerCharacter;
    if (this.piece.length - this.used < needed) {
      this.piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, needed));
      this.used = 0;
    }
    const start = this.used;
    const { piece } = this;
    const end = start + headerBytes + piece.write(text, start + headerBytes);
    piece.writeDoubleLE(revision, start);
    piece.writeDoubleLE(writtenAt, start + 8);
    piece.writeUInt32LE(checksum(piece, start, end, key), start + checkedHeaderBytes);
    piece.writeUInt32LE(0, start + 20);
    this.used = end;
    return piece.subarray(start, end);
  }

  reset(): void {
    if (this.piece.length > pieceBytes) this.piece = Buffer.allocUnsafeSlow(pieceBytes);
    this.used = 0;
  }
}

function bodyChecksum(bytes: Buffer, start: number, end: number): number {
  return crc32(bytes.subarray(start, start + checkedHeaderBytes), crc32(bytes.subarray(start + headerBytes, end)));
}

function checksum(bytes: Buffer, start: number, end: number, key: string): number {
  return crc32(key, bodyChecksum(bytes, start, end));
}

/** What can be told of a record without its key and without parsing it. */
export interface RecordHeader {
  readonly revision: number;
  readonly writtenAt: number;
  readonly checksum: number;
  readonly bodyChecksum: number;
}

/** Undefined for what is too short to be a record. */
export function decodeHeader(bytes: Buffer): RecordHeader | undefined {
  if (bytes.length < headerBytes) return undefined;
  return {
    revision: bytes.readDoubleLE(0),
    writtenAt: bytes.readDoubleLE(8),
    checksum: bytes.readUInt32LE(checkedHeaderBytes),
    bodyChecksum: bodyChecksum(bytes, 0, bytes.length),
  };
}

export function isIntact(key: string, header: RecordHeader): boolean {
  return crc32(key, header.bodyChecksum) === header.checksum;
}

/** The JSON text of a record. */
export function decodeText(bytes: Buffer): string {
  return bytes.toString('utf8', headerBytes);
}
