/** gzip on the machine's thread pool: nothing waits while bytes are compressed. */
import { pipeline, type Writable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gunzip, gzip } from 'node:zlib';

/** As kube-apiserver: most of the gain for the least time. */
const options = { level: 1 };

const compress = promisify(gzip);

export const gzipBytes = (bytes: Uint8Array | string): Promise<Buffer> =>
  compress(bytes, options) as unknown as Promise<Buffer>;

const decompress = promisify(gunzip);

/** Rejects what is no gzip, and what grows beyond `limit` bytes. */
export const gunzipBytes = (bytes: Uint8Array, limit: number): Promise<Buffer> =>
  decompress(bytes, { maxOutputLength: limit }) as unknown as Promise<Buffer>;

/** What is written into it comes out compressed at the target, which ends with it; destroyed when the target goes first. */
export function gzipInto(target: Writable): Writable {
  const input = createGzip(options);
  pipeline(input, target, () => {});
  return input;
}
