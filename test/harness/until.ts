/** Waiting for a condition, never for a time. */

const lookMs = 5;
/** A machine may be busy with much else; what never comes is told after a minute. */
const mostMs = 60_000;

/** Looks until `look` answers something other than undefined or false; fails with `what` and the last error after `patienceMs`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs = mostMs,
): Promise<T> {
  const end = performance.now() + patienceMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found as T;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${patienceMs} ms for: ${what}${last ? ` (last error: ${(last as Error).message})` : ''}`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
