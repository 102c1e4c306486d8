import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerCompression } from '#world/network/header-compression.ts';
import { spdyDictionary } from './dictionary.ts';
import {
  controlFrame,
  dataFrame,
  decodeHeaders,
  encodeHeaders,
  type Frame,
  frameParser,
  frameTypes,
  SpdyProtocolError,
} from './frames.ts';

/** One frame, written and as it is read; pieces of one data frame put together again. */
const written = fc.oneof(
  fc
    .record({
      stream: fc.integer({ min: 1, max: 0x7fff_ffff }),
      bytes: fc.uint8Array({ maxLength: 300 }),
      end: fc.boolean(),
    })
    .map(({ stream, bytes, end }) => ({
      bytes: dataFrame(stream, bytes, end),
      read: { kind: 'data' as const, stream, bytes: Buffer.from(bytes), end },
    })),
  fc
    .record({
      type: fc.constantFrom(...Object.values(frameTypes)),
      flags: fc.nat(255),
      payload: fc.uint8Array({ maxLength: 100 }),
    })
    .map(({ type, flags, payload }) => ({
      bytes: controlFrame(type, flags, payload),
      read: { kind: 'control' as const, type, flags, payload: Buffer.from(payload) },
    })),
);

/** Pieces of data that follow each other on a stream are one; nothing is nothing. */
function joined(frames: readonly Frame[]): Frame[] {
  const whole: Frame[] = [];
  for (const frame of frames) {
    const before = whole.at(-1);
    if (frame.kind === 'data' && before?.kind === 'data' && before.stream === frame.stream && !before.end)
      whole[whole.length - 1] = { ...frame, bytes: Buffer.concat([before.bytes, frame.bytes]) };
    else whole.push(frame);
  }
  return whole.filter((frame) => frame.kind === 'control' || frame.end || frame.bytes.byteLength > 0);
}

describe('frames', () => {
  it('are the same whatever pieces they come in', () => {
    fc.assert(
      fc.property(
        fc.array(written, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames.map((each) => each.bytes));
          const parse = frameParser();
          const found: Frame[] = [];
          for (let at = 0, i = 0; at < bytes.byteLength; i++) {
            const size = cuts[i % cuts.length]!;
            found.push(...parse(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(joined(found)).toEqual(joined(frames.map(({ read }) => read)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of another version, or too large, end the connection', () => {
    const other = controlFrame(frameTypes.ping, 0, Buffer.alloc(4));
    other.writeUInt16BE(0x8002, 0);
    expect(() => frameParser()(other)).toThrow(SpdyProtocolError);
    expect(() => frameParser()(controlFrame(frameTypes.synStream, 0, Buffer.alloc(70_000)))).toThrow(SpdyProtocolError);
  });
});

describe('header blocks', () => {
  const headers = fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,20}$/), fc.stringMatching(/^[ -~]{0,40}$/), {
    maxKeys: 6,
  });

  it('come through the running compression, one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(headers, { minLength: 1, maxLength: 5 }), async (blocks) => {
        const [client, server] = [headerCompression(spdyDictionary()), headerCompression(spdyDictionary())];
        for (const block of blocks) {
          const compressed = await client.compress(encodeHeaders(block));
          expect(decodeHeaders(await server.decompress(compressed))).toEqual(block);
        }
        client.close();
        server.close();
      }),
      { numRuns: 30 },
    );
  });

  it('that lie about their length, or grow without end, are refused', async () => {
    const lying = encodeHeaders({ a: 'b' });
    lying.writeUInt32BE(0xffff_ffff, 0);
    expect(() => decodeHeaders(lying)).toThrow(SpdyProtocolError);
    const compression = headerCompression(spdyDictionary());
    const bomb = deflateSync(Buffer.alloc(200_000), { dictionary: spdyDictionary() });
    await expect(compression.decompress(bomb)).rejects.toThrow('too large');
  });

  it('begin with the dictionary that clients have', () => {
    expect(spdyDictionary().byteLength).toBe(1_423);
  });
});
