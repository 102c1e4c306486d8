/**
 * SPDY/3.1 frames: bytes cut into frames, whatever pieces they come in, and frames written as bytes. Header blocks stay
 * compressed here. Data is handed on as it comes, so that no frame of 16 MiB has to be kept.
 */

export const frameTypes = {
  synStream: 1,
  synReply: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

/** What a RST_STREAM says. */
export const resetStatus = {
  protocolError: 1,
  invalidStream: 2,
  refusedStream: 3,
  cancel: 5,
  internalError: 6,
} as const;

export const finFlag = 1;
const version = 3;
const headerBytes = 8;

/** Of everything but data: real ones are a few hundred bytes. */
const mostControlBytes = 64 * 1024;

export type Frame =
  /** `end`: the last piece of its frame, and the frame is the stream's last. */
  | { readonly kind: 'data'; readonly stream: number; readonly bytes: Buffer; readonly end: boolean }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

export class SpdyProtocolError extends Error {
  override readonly name = 'SpdyProtocolError';
}

interface OpenData {
  readonly stream: number;
  readonly fin: boolean;
  left: number;
}

/** Answers a function that takes pieces and gives the frames they complete. It throws SpdyProtocolError. */
export function frameParser(): (piece: Buffer) => readonly Frame[] {
  let kept: Buffer = Buffer.alloc(0);
  let data: OpenData | undefined;

  /** What is left of a data frame in `bytes`, or nothing. */
  const takeData = (bytes: Buffer, open: OpenData, frames: Frame[]): Buffer => {
    const taken = bytes.subarray(0, open.left);
    open.left -= taken.byteLength;
    const whole = open.left === 0;
    if (taken.byteLength > 0 || whole)
      frames.push({ kind: 'data', stream: open.stream, bytes: taken, end: whole && open.fin });
    if (whole) data = undefined;
    return bytes.subarray(taken.byteLength);
  };

  return (piece) => {
    const frames: Frame[] = [];
    let bytes = kept.byteLength > 0 ? Buffer.concat([kept, piece]) : piece;
    while (bytes.byteLength > 0) {
      if (data) {
        bytes = takeData(bytes, data, frames);
        continue;
      }
      if (bytes.byteLength < headerBytes) break;
      const first = bytes.readUInt32BE(0);
      const second = bytes.readUInt32BE(4);
      const [flags, length] = [second >>> 24, second & 0xff_ffff];
      if (first >>> 31 === 0) {
        data = { stream: first, fin: (flags & finFlag) !== 0, left: length };
        bytes = takeData(bytes.subarray(headerBytes), data, frames);
        continue;
      }
      if (((first >>> 16) & 0x7fff) !== version)
        throw new SpdyProtocolError(`version ${(first >>> 16) & 0x7fff} of SPDY is not spoken here`);
      if (length > mostControlBytes) throw new SpdyProtocolError(`a control frame of ${length} bytes`);
      if (bytes.byteLength < headerBytes + length) break;
      const payload = bytes.subarray(headerBytes, headerBytes + length);
      frames.push({ kind: 'control', type: first & 0xffff, flags, payload });
      bytes = bytes.subarray(headerBytes + length);
    }
    // A copy: what is kept must not hold on to a whole piece of the network's.
    kept = bytes.byteLength === 0 ? Buffer.alloc(0) : Buffer.from(bytes);
    return frames;
  };
}

export function controlFrame(type: number, flags: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeUInt32BE(((0x8000 | version) * 0x1_0000 + type) >>> 0, 0);
  head.writeUInt32BE(((flags << 24) | payload.byteLength) >>> 0, 4);
  return Buffer.concat([head, payload]);
}

export function dataFrame(stream: number, bytes: Uint8Array, end: boolean): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeUInt32BE(stream, 0);
  head.writeUInt32BE(((end ? finFlag << 24 : 0) | bytes.byteLength) >>> 0, 4);
  return Buffer.concat([head, bytes]);
}

const numbers = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32BE(value >>> 0, i * 4);
  });
  return bytes;
};

export const synReply = (stream: number, block: Uint8Array): Buffer =>
  controlFrame(frameTypes.synReply, 0, Buffer.concat([numbers(stream), block]));

export const resetFrame = (stream: number, status: number): Buffer =>
  controlFrame(frameTypes.reset, 0, numbers(stream, status));

export const goAwayFrame = (lastStream: number): Buffer => controlFrame(frameTypes.goAway, 0, numbers(lastStream, 0));

export const windowUpdate = (stream: number, bytes: number): Buffer =>
  controlFrame(frameTypes.windowUpdate, 0, numbers(stream, bytes));

/** Names in lower case; several values of a name are parted by NUL. */
export type Headers = Readonly<Record<string, string>>;

export function encodeHeaders(headers: Headers): Buffer {
  const entries = Object.entries(headers);
  const texts = entries.flat().flatMap((text) => [numbers(Buffer.byteLength(text)), Buffer.from(text)]);
  return Buffer.concat([numbers(entries.length), ...texts]);
}

/** Throws SpdyProtocolError for a block that does not hold what it says. */
export function decodeHeaders(block: Buffer): Headers {
  let at = 0;
  const number = () => {
    if (at + 4 > block.byteLength) throw new SpdyProtocolError('a header block breaks off');
    const value = block.readUInt32BE(at);
    at += 4;
    return value;
  };
  const text = () => {
    const length = number();
    if (at + length > block.byteLength) throw new SpdyProtocolError('a header block breaks off');
    const value = block.toString('latin1', at, at + length);
    at += length;
    return value;
  };
  const entries: [string, string][] = [];
  // Counted by what is there: a block that lies about its length ends in an error at once.
  for (let left = number(); left > 0; left--) entries.push([text().toLowerCase(), text()]);
  return Object.fromEntries(entries);
}
