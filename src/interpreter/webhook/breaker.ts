/** Keeps a webhook that does not answer from holding up whoever does not need it: callers wait for an answer, not in line. */
import type { Clock } from '#world/clock/clock.ts';

/** Lets a call through, or fails at once with what is wrong with the webhook. */
export type Breaker = <T>(call: () => Promise<T>) => Promise<T>;

/** After a call that got no answer nobody asks for so long; then one at a time, until one is answered. */
const restMs = 5_000;
/** A webhook with so many calls to answer, the oldest of them waiting for so long, is given no more. */
const mostWaiting = 8;
const slowMs = 1_000;

export function breaker(clock: Clock): Breaker {
  const waiting = new Set<{ readonly since: number }>();
  let failed: { readonly until: number; readonly error: unknown } | undefined;
  return async (call) => {
    const now = clock.monotonic();
    if (failed && (now < failed.until || waiting.size > 0)) throw failed.error;
    const [oldest] = waiting;
    if (waiting.size >= mostWaiting && oldest && now - oldest.since >= slowMs)
      throw new Error(`it has ${waiting.size} calls to answer, the oldest for more than ${slowMs / 1_000}s`);
    const mine = { since: now };
    waiting.add(mine);
    try {
      const answer = await call();
      failed = undefined;
      return answer;
    } catch (error) {
      failed = { until: clock.monotonic() + restMs, error };
      throw error;
    } finally {
      waiting.delete(mine);
    }
  };
}
