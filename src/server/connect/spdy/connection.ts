/**
 * The server's end of a SPDY/3.1 connection: streams that a client opens, each with headers and bytes in both
 * directions. Frames are worked off one after the other, so a stream whose reader is behind holds up the connection,
 * and through it the client: nothing is kept beyond a stream's room. Clients of Kubernetes know no windows (their
 * library ignores WINDOW_UPDATE), so what we send is held up by the connection alone.
 */
import { type ByteQueue, byteQueue } from '#kube/connect/queue.ts';
import type { Clock, Timer } from '#world/clock/clock.ts';
import { headerCompression } from '#world/network/header-compression.ts';
import { type Duplex, endConnection } from '#world/network/inside.ts';
import { into } from '../wire/pump.ts';
import { spdyDictionary } from './dictionary.ts';
import {
  controlFrame,
  dataFrame,
  decodeHeaders,
  encodeHeaders,
  type Frame,
  finFlag,
  frameParser,
  frameTypes,
  goAwayFrame,
  type Headers,
  resetFrame,
  resetStatus,
  SpdyProtocolError,
  synReply,
  windowUpdate,
} from './frames.ts';

export interface SpdyStream {
  readonly id: number;
  readonly headers: Headers;
  /** Ends when the client ends its side, resets the stream or goes. */
  readonly input: AsyncIterable<Uint8Array>;
  /** False once the client reads no more. */
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
  /** Our side is over. */
  readonly end: () => void;
  /** Both sides are over, and something went wrong. */
  readonly reset: () => void;
}

export interface SpdyConnection {
  readonly close: () => void;
  /** Resolves when it is over, whoever ended it. */
  readonly closed: Promise<void>;
}

/** Streams of one connection at once: a forwarded TCP connection takes two. */
const mostStreams = 1_000;
/** Largest piece written as one frame, so that streams take turns. */
const pieceBytes = 32 * 1024;

interface Open {
  readonly queue: ByteQueue;
  remoteEnded: boolean;
  ended: boolean;
}

export function serveSpdy(
  duplex: Duplex,
  clock: Clock,
  idleTimeoutMs: number,
  onStream: (stream: SpdyStream) => void,
): SpdyConnection {
  return new Session(duplex, clock, idleTimeoutMs, onStream);
}

class Session implements SpdyConnection {
  readonly closed: Promise<void>;
  readonly #duplex: Duplex;
  readonly #clock: Clock;
  readonly #idleTimeoutMs: number;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #write: (bytes: Uint8Array) => Promise<boolean>;
  readonly #compression = headerCompression(spdyDictionary());
  readonly #streams = new Map<number, Open>();
  #lastStream = 0;
  #over = false;
  #settle = () => {};
  #active: number;
  #idle: Timer;

  constructor(duplex: Duplex, clock: Clock, idleTimeoutMs: number, onStream: (stream: SpdyStream) => void) {
    this.#duplex = duplex;
    this.#clock = clock;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#onStream = onStream;
    this.#write = into(duplex);
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#active = clock.monotonic();
    this.#idle = this.#watchIdleness(idleTimeoutMs);
    void this.#read();
  }

  close(): void {
    if (this.#over) return;
    void this.#send(goAwayFrame(this.#lastStream));
    this.#finish();
  }

  #watchIdleness(ms: number): Timer {
    return this.#clock.after(ms, () => {
      const left = this.#active + this.#idleTimeoutMs - this.#clock.monotonic();
      if (left <= 0) this.#finish();
      else this.#idle = this.#watchIdleness(left);
    });
  }

  #send(frame: Buffer): Promise<boolean> {
    if (this.#over) return Promise.resolve(false);
    this.#active = this.#clock.monotonic();
    return this.#write(frame);
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    for (const { queue } of this.#streams.values()) queue.end();
    this.#streams.clear();
    this.#idle.cancel();
    this.#compression.close();
    endConnection(this.#duplex);
    this.#settle();
  }

  async #read(): Promise<void> {
    const parse = frameParser();
    try {
      for await (const piece of this.#duplex) {
        this.#active = this.#clock.monotonic();
        // After the end the rest is read and dropped: leaving it would reset the connection, and the client would lose
        // what it has not read yet.
        if (this.#over) continue;
        for (const frame of parse(piece as Buffer))
          if (!this.#over) await (frame.kind === 'data' ? this.#data(frame) : this.#control(frame));
      }
    } catch {
      // A broken connection, or a client that speaks something else: both end here.
    } finally {
      this.#finish();
    }
  }

  async #data({ stream, bytes, end }: Extract<Frame, { kind: 'data' }>): Promise<void> {
    const open = this.#streams.get(stream);
    if (!open || open.remoteEnded) return;
    await open.queue.push(bytes);
    if (!end) return;
    open.remoteEnded = true;
    open.queue.end();
    this.#forget(stream, open);
  }

  async #control({ type, flags, payload }: Extract<Frame, { kind: 'control' }>): Promise<void> {
    const id = payload.byteLength >= 4 ? payload.readUInt32BE(0) & 0x7fff_ffff : 0;
    if (type === frameTypes.synStream) await this.#open(payload, flags);
    else if (type === frameTypes.ping) await this.#send(controlFrame(type, 0, payload));
    else if (type === frameTypes.goAway) this.#finish();
    // The compression runs through these too.
    else if (type === frameTypes.headers) await this.#compression.decompress(payload.subarray(4));
    else if (type === frameTypes.reset) {
      this.#streams.get(id)?.queue.end();
      this.#streams.delete(id);
    }
  }

  async #open(payload: Buffer, flags: number): Promise<void> {
    if (payload.byteLength < 10) throw new SpdyProtocolError('a SYN_STREAM breaks off');
    const id = payload.readUInt32BE(0) & 0x7fff_ffff;
    // Also of a refused stream: the compression runs through all blocks.
    const headers = decodeHeaders(await this.#compression.decompress(payload.subarray(10)));
    const status = this.#refusal(id);
    if (status !== undefined) {
      await this.#send(resetFrame(id, status));
      return;
    }
    this.#lastStream = id;
    const open: Open = { queue: byteQueue(), remoteEnded: (flags & finFlag) !== 0, ended: false };
    if (open.remoteEnded) open.queue.end();
    this.#streams.set(id, open);
    await this.#send(synReply(id, await this.#compression.compress(encodeHeaders({}))));
    this.#onStream(this.#streamOf(id, headers, open));
  }

  /** Clients open streams with odd numbers that grow. */
  #refusal(id: number): number | undefined {
    if (id % 2 === 0 || id <= this.#lastStream) return resetStatus.protocolError;
    return this.#streams.size >= mostStreams ? resetStatus.refusedStream : undefined;
  }

  #streamOf(id: number, headers: Headers, open: Open): SpdyStream {
    return {
      id,
      headers,
      input: consumed(open.queue, (bytes) => void this.#send(windowUpdate(id, bytes))),
      write: (bytes) => this.#writeData(id, open, bytes),
      end: () => {
        if (open.ended) return;
        open.ended = true;
        void this.#send(dataFrame(id, new Uint8Array(), true));
        this.#forget(id, open);
      },
      reset: () => {
        if (!this.#streams.delete(id)) return;
        open.ended = true;
        open.queue.abandon();
        void this.#send(resetFrame(id, resetStatus.cancel));
      },
    };
  }

  async #writeData(id: number, open: Open, bytes: Uint8Array): Promise<boolean> {
    for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
      if (open.ended || !this.#streams.has(id)) return false;
      if (!(await this.#send(dataFrame(id, bytes.subarray(at, at + pieceBytes), false)))) return false;
    }
    return true;
  }

  #forget(id: number, open: Open): void {
    if (open.ended && open.remoteEnded) this.#streams.delete(id);
  }
}

/** Tells how much has been taken, for a client that counts. */
async function* consumed(queue: ByteQueue, tell: (bytes: number) => void): AsyncIterable<Uint8Array> {
  for await (const piece of queue) {
    tell(piece.byteLength);
    yield piece;
  }
}
