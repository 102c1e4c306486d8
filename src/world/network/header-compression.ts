/** zlib as SPDY compresses headers: one running stream for all header blocks of a direction, with a shared dictionary. */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

export interface HeaderCompression {
  /** One call after the other. Rejects what is no zlib, and what grows beyond the limit. */
  readonly decompress: (block: Uint8Array) => Promise<Buffer>;
  readonly compress: (block: Uint8Array) => Promise<Buffer>;
  readonly close: () => void;
}

/** What one block may be once decompressed: real ones are a few hundred bytes. */
const mostHeaderBytes = 64 * 1024;
/** Small windows suffice for headers: 9 kB of memory for a connection instead of 256. */
const frugal = { windowBits: 11, memLevel: 1 } as const;

export function headerCompression(dictionary: Uint8Array): HeaderCompression {
  const inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH });
  const deflate = createDeflate({ dictionary, flush: constants.Z_SYNC_FLUSH, ...frugal });
  // Each call hears of its own failure; one that comes after the end is nobody's.
  for (const stream of [inflate, deflate]) stream.on('error', () => {});
  return {
    decompress: (block) => through(inflate, block),
    compress: (block) => through(deflate, block),
    close: () => {
      inflate.close();
      deflate.close();
    },
  };
}

function through(stream: Inflate | Deflate, block: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (error?: Error | null) => {
      stream.off('data', take);
      stream.off('error', settle);
      if (size > mostHeaderBytes) reject(new Error('a header block is too large'));
      else if (error) reject(error);
      else resolve(Buffer.concat(pieces, size));
    };
    const take = (piece: Buffer) => {
      pieces.push(piece);
      size += piece.byteLength;
      if (size > mostHeaderBytes) stream.destroy();
    };
    stream.on('data', take);
    stream.on('error', settle);
    // What the last piece holds may come a moment after it was taken in.
    stream.write(block, (error) => setImmediate(settle, error));
  });
}
