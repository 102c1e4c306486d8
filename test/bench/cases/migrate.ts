/** N running Deployments come under management: from the first template to all statuses aggregated. */
import { type Bench, seconds } from '../bench.ts';
import { measured } from '../measured.ts';
import { migrate, runWorkloads, settle } from '../migration.ts';
import { makeHome, startProduct } from '../product.ts';
import { timelineOf } from '../progress.ts';
import { usageOf } from '../usage.ts';

const defaultCount = 100;

export const migrateBench: Bench = {
  name: 'migrate',
  summary: '--n running Deployments: templates and one policy, to all statuses aggregated',
  runs: 3,
  defaultCount,
  run: async (bench) => {
    const { options, program, say } = bench;
    const count = options.n ?? defaultCount;
    const home = await makeHome(options);
    const product = await startProduct(program, home, options, options.profile !== undefined);
    try {
      await runWorkloads(product, count);
      await settle();
      const { result, figures, writes } = await measured(bench, product, 'migrated', () => migrate(product, count));
      const atEnd = usageOf(product.pid);
      say(`first/middle/last: ${timelineOf(result.tracking, result.started)}`);
      await settle();
      const trailing = usageOf(product.pid).cpuSeconds - atEnd.cpuSeconds;
      return [
        ...figures,
        seconds('CPU of the 2 s after', trailing * 1000),
        { name: 'writes per template', unit: '', value: writes / count },
      ];
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
