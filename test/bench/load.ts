/** The load: as many requests at once as the budgets are defined with. */

/** Connections, and requests under way, of the bench's client. */
export const connections = 32;

/** Runs `each` for 0 … count-1, `connections` at a time, in order; answers how long each took, in milliseconds. */
export async function inParallel(
  count: number,
  each: (index: number) => Promise<unknown>,
  atOnce = connections,
): Promise<readonly number[]> {
  const times: number[] = Array.from({ length: count }, () => 0);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      const started = performance.now();
      await each(index);
      times[index] = performance.now() - started;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return times;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
