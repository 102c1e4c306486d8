/** Heap for each managed template with all that belongs to it: the slope from 1,000 to ten times as many. */
import { type Bench, type Figure, seconds } from '../bench.ts';
import { migrate, runWorkloads, settle } from '../migration.ts';
import { makeHome, startProduct } from '../product.ts';
import { usageOf } from '../usage.ts';

const defaultCount = 10_000;
const firstShare = 0.1;

export const heap: Bench = {
  name: 'heap',
  summary: 'heap per managed template: the slope from --n / 10 to --n',
  runs: 1,
  defaultCount,
  run: async ({ options, program, say }) => {
    const count = options.n ?? defaultCount;
    const step = Math.max(1, Math.round(count * firstShare));
    const home = await makeHome(options);
    const product = await startProduct(program, home, options, true);
    const { pid, inspector } = product;
    try {
      const sizes: { readonly templates: number; readonly heap: number; readonly resident: number }[] = [];
      let cpu = 0;
      for (let templates = 0; templates < count; templates += step) {
        await runWorkloads(product, step, templates);
        await settle();
        const before = usageOf(pid).cpuSeconds;
        const { started, ended } = await migrate(product, step, templates);
        cpu = usageOf(pid).cpuSeconds - before;
        await settle();
        const heap = await inspector!.heapBytes();
        sizes.push({ templates: templates + step, heap, resident: usageOf(pid).residentBytes });
        const took = ((ended - started) / 1000).toFixed(2);
        say(
          `${templates + step} templates: ${took} s, CPU ${cpu.toFixed(2)} s, heap ${(heap / 2 ** 20).toFixed(0)} MiB`,
        );
      }
      const [first, last] = [sizes[0]!, sizes.at(-1)!];
      const slope = (name: string, from: number, to: number): Figure => ({
        name,
        unit: 'kB',
        value: (to - from) / (last.templates - first.templates) / 1000,
      });
      return [
        slope('heap per template', first.heap, last.heap),
        slope('resident memory per template', first.resident, last.resident),
        seconds(`CPU of the last ${step}`, cpu * 1000),
      ];
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
