/** The machine's clock. */
import type { Clock } from './clock.ts';

/** The longest a machine timer waits (24.8 days); what takes longer is armed again. */
const longestTimerMs = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run, options) => {
    let timer: NodeJS.Timeout;
    const arm = (left: number) => {
      // What was due before it was asked for (a busy machine) is due now; Node warns of times before now.
      const wait = Math.max(0, Math.min(left, longestTimerMs));
      timer = setTimeout(() => (left > wait ? arm(left - wait) : run()), wait);
      if (!options?.keepAlive) timer.unref();
    };
    arm(ms);
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (run) => {
    setImmediate(run);
  },
};
