/** Time as a dependency: the machine's, or a simulation's. Nothing else in src may touch Date or timers. */

export interface Timer {
  readonly cancel: () => void;
}

export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Never goes back; milliseconds from an arbitrary start. Leases and durations use it. */
  readonly monotonic: () => number;
  /** Runs once after at least `ms`. A pending timer does not keep the process alive unless `keepAlive`. */
  readonly after: (ms: number, run: () => void, options?: { readonly keepAlive?: boolean }) => Timer;
  /** Runs at the end of the current turn (a macrotask): how long work yields. */
  readonly soon: (run: () => void) => void;
}

let lastSecond = Number.NaN;
let lastText = '';

/** RFC 3339 with whole seconds: how Kubernetes writes metav1.Time. Times of one second share one text. */
export function timestamp(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1_000);
  if (second !== lastSecond) {
    lastText = `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`;
    lastSecond = second;
  }
  return lastText;
}

/** RFC 3339 with microseconds: metav1.MicroTime (Lease, Event series). */
export function microTimestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}000Z`;
}

/** Milliseconds since 1970 of a metav1.Time or MicroTime; NaN for what is not one. */
export function parseTimestamp(text: string): number {
  return Date.parse(text);
}

export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
