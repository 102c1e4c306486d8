/** Writing much without holding up others: a share of time per turn, and waiting for slow readers. */
import type { Clock } from '#world/clock/clock.ts';
import type { Writable } from '#world/network/listen.ts';

/** Half of the 10 ms after which work must yield: what one more item may cost still fits. */
const shareMs = 5;

/** Bytes gathered before they are written: few enough to keep memory flat, enough for whole TLS records (16 kB). */
export const chunkBytes = 64 * 1024;

/** Answers a promise to wait for when this turn's share is spent, else undefined. */
export function createPacer(clock: Clock): () => Promise<void> | undefined {
  let begun = clock.monotonic();
  return () => {
    if (clock.monotonic() - begun < shareMs) return undefined;
    return new Promise((resolve) => {
      clock.soon(() => {
        begun = clock.monotonic();
        resolve();
      });
    });
  };
}

/**
 * A reader that takes nothing for so long is cut off: it holds the answer, and all it is made of, in memory. Above the
 * minute that kube-apiserver gives a whole request.
 */
const stalledMs = 60_000;

/**
 * Answers a promise to wait for when the reader is behind, else undefined. It resolves also when the reader left. Without
 * a clock there is no end to patience: for what costs nothing to hold.
 */
export function writeChunk(response: Writable, chunk: string | Uint8Array, clock?: Clock): Promise<void> | undefined {
  if (response.write(chunk) || response.destroyed) return undefined;
  return new Promise((resolve) => {
    const proceed = () => {
      stalled?.cancel();
      response.off('drain', proceed);
      response.off('close', proceed);
      resolve();
    };
    const stalled = clock?.after(stalledMs, () => response.destroy());
    response.once('drain', proceed);
    response.once('close', proceed);
  });
}
