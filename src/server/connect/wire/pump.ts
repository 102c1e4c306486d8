/** Bytes carried from one end to the other, no faster than they are taken. */
import type { Duplex } from '#world/network/inside.ts';

/** Ends when the source does, or nobody takes any more. A source that breaks off has ended. */
export async function pump(
  source: AsyncIterable<Uint8Array>,
  take: (bytes: Uint8Array) => Promise<boolean>,
): Promise<void> {
  try {
    for await (const bytes of source) if (!(await take(bytes))) return;
  } catch {
    // The other side hears of it by the end of what it reads.
  }
}

/** Writes into a stream; false once it is gone. */
export const into =
  (duplex: Duplex) =>
  (bytes: Uint8Array): Promise<boolean> => {
    if (duplex.destroyed || duplex.writableEnded) return Promise.resolve(false);
    if (duplex.write(bytes)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const proceed = () => {
        duplex.off('drain', proceed);
        duplex.off('close', proceed);
        resolve(!duplex.destroyed);
      };
      duplex.once('drain', proceed);
      duplex.once('close', proceed);
    });
  };

/** Two connections become one; resolves when both directions are over. */
export async function join(left: Duplex, right: Duplex): Promise<void> {
  const across = async (from: Duplex, to: Duplex) => {
    await pump(from, into(to));
    to.end();
  };
  await Promise.all([across(left, right), across(right, left)]);
  left.destroy();
  right.destroy();
}
