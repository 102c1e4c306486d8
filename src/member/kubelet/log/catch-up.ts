/**
 * The time in which a container's past is told again: it runs from the container's start, jumps over every wait until it
 * has reached the present, and goes with the world's clock from there.
 */
import type { Clock, Timer } from '#world/clock/clock.ts';

export interface CatchUp {
  /** `now` is the time in the story. */
  readonly clock: Clock;
  /** Resolves when the present is reached for the first time. */
  readonly reached: Promise<void>;
}

/** Waits told again at most; a container that has waited more often is older than what is kept of its log. */
const mostWaits = 2_000;
/** How much of the present is told of such a container. */
const recentMs = 60_000;

/** `follow` false: the story stops at the present, as if its next wait never ended. */
export function catchUp(world: Clock, startedAt: number, follow: boolean): CatchUp {
  let now = startedAt;
  let waits = 0;
  let present = false;
  let settle = () => {};
  const reached = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const wait = (ms: number, run: () => void): Timer => {
    let target = now + ms;
    const current = world.now();
    if (!present && ++waits > mostWaits) target = Math.max(target, current - recentMs);
    let cancelled = false;
    let timer: Timer | undefined;
    const go = () => {
      if (cancelled) return;
      now = target;
      run();
    };
    if (target <= current && !present) world.soon(go);
    else {
      present = true;
      settle();
      if (follow) timer = world.after(Math.max(0, target - current), go);
    }
    return {
      cancel: () => {
        cancelled = true;
        timer?.cancel();
      },
    };
  };
  return {
    clock: {
      now: () => (present ? Math.max(now, follow ? world.now() : now) : now),
      monotonic: () => now,
      after: wait,
      soon: world.soon,
    },
    reached,
  };
}
