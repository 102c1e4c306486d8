/** From nothing to all clusters Ready, and what that weighs idle. */
import { type Bench, mebibytes, seconds } from '../bench.ts';
import { sleep } from '../load.ts';
import { makeHome, startProduct } from '../product.ts';
import { usageOf } from '../usage.ts';

/** architecture.md section 7: memory is looked at 30 s after Ready. */
const idleMs = 30_000;

export const up: Bench = {
  name: 'up',
  summary: 'control plane and members, empty data directory to all Ready; memory 30 s later',
  runs: 5,
  run: async ({ options, program }) => {
    const home = await makeHome(options);
    const product = await startProduct(program, home, options);
    try {
      const atReady = usageOf(product.pid);
      await sleep(idleMs);
      const idle = usageOf(product.pid);
      return [
        seconds('ready', product.readyMs),
        seconds('CPU until ready', atReady.cpuSeconds * 1000),
        mebibytes('memory idle', idle.residentBytes),
        seconds('CPU of 30 s idle', (idle.cpuSeconds - atReady.cpuSeconds) * 1000),
      ];
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
