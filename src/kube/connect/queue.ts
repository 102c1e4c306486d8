/** What somebody writes and somebody else reads, with bounded room between them. */

export interface BoundedQueue<T> extends AsyncIterable<T> {
  /** Resolves once there is room again: true, or false when nobody will ever read (a broken pipe). */
  readonly push: (value: T) => Promise<boolean>;
  /** Nothing more comes; what is there is still read. */
  readonly end: () => void;
  /** Nobody reads any more: writers are told so, and what is there is dropped. */
  readonly abandon: () => void;
}

export type ByteQueue = BoundedQueue<Uint8Array>;

/** A writer waits beyond this much: a few of the 32 KiB pieces that clients send. */
const room = 128 * 1024;

export const byteQueue = (): ByteQueue => boundedQueue((bytes) => bytes.byteLength, room);

/** `sizeOf`: how much of the `limit` a value takes; what takes nothing is not kept. */
export function boundedQueue<T>(sizeOf: (value: T) => number, limit: number): BoundedQueue<T> {
  let pieces: T[] = [];
  let size = 0;
  let ended = false;
  let abandoned = false;
  let wakeReader: (() => void) | undefined;
  let wakeWriters: ((taken: boolean) => void)[] = [];

  const release = () => {
    const waiting = wakeWriters;
    wakeWriters = [];
    for (const wake of waiting) wake(!abandoned);
  };
  const abandon = () => {
    if (abandoned) return;
    abandoned = true;
    pieces = [];
    size = 0;
    wakeReader?.();
    release();
  };
  const next = async (): Promise<IteratorResult<T>> => {
    while (pieces.length === 0) {
      if (abandoned) return { done: true, value: undefined };
      if (ended) {
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        wakeReader = resolve;
      });
      wakeReader = undefined;
    }
    const value = pieces.shift()!;
    size -= sizeOf(value);
    if (size < limit) release();
    return { done: false, value };
  };

  return {
    push: (value) => {
      if (abandoned || ended) return Promise.resolve(false);
      if (sizeOf(value) === 0) return Promise.resolve(true);
      pieces.push(value);
      size += sizeOf(value);
      wakeReader?.();
      if (size < limit) return Promise.resolve(true);
      return new Promise((resolve) => {
        wakeWriters.push(resolve);
      });
    },
    end: () => {
      ended = true;
      wakeReader?.();
    },
    abandon,
    [Symbol.asyncIterator]: () => ({
      next,
      return: async () => {
        abandon();
        return { done: true, value: undefined };
      },
    }),
  };
}
