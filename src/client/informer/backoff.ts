/** How long to wait after failures in a row: doubling, jittered, so that many clients do not come back at once. */
import type { Random } from '#world/random/random.ts';

export interface Backoff {
  /** Milliseconds to wait before the next try; counts a failure. */
  readonly next: () => number;
  readonly reset: () => void;
}

export interface BackoffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
  readonly random: Random;
}

/** Each delay is between the doubled base and twice that, as client-go's reflector has it (factor 2, jitter 1). */
export function exponentialBackoff({ firstMs, mostMs, random }: BackoffOptions): Backoff {
  let failures = 0;
  return {
    next: () => Math.min(mostMs, firstMs * 2 ** Math.min(failures++, 30)) * (1 + random.next()),
    reset: () => {
      failures = 0;
    },
  };
}
