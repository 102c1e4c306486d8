/** A restart with much to manage: from starting the process to the member having the first new edit. */
import { Deployments } from '#apis/kubernetes/types.ts';
import { type Bench, type Figure, mebibytes, seconds } from '../bench.ts';
import { follow, within } from '../follow.ts';
import { migrate, patience, runWorkloads, settle } from '../migration.ts';
import { deploymentName, namespace } from '../objects.ts';
import type { BenchOptions } from '../options.ts';
import { controlPlane, type Home, makeHome, memberName, startProduct } from '../product.ts';
import { loopDelay } from '../server-metrics.ts';
import { usageOf } from '../usage.ts';

const defaultCount = 30_000;
/** Templates are made and migrated in steps, so that nothing waits longer than a step takes. */
const step = 1_000;
const restarts = 3;

/** Fills a home with managed templates; a later run finds it filled. */
async function fill(home: Home, program: string, options: BenchOptions, count: number, say: (text: string) => void) {
  const product = await startProduct(program, home, options);
  try {
    for (let from = 0; from < count; from += step) {
      const some = Math.min(step, count - from);
      await runWorkloads(product, some, from);
      await migrate(product, some, from);
      if ((from / step) % 5 === 4) say(`${from + some} templates are managed`);
    }
    await settle();
  } finally {
    await product.stop();
  }
}

/** One start and one edit; `edit` makes the value differ from the last one's. */
async function restartOnce(
  home: Home,
  program: string,
  options: BenchOptions,
  edit: number,
): Promise<readonly Figure[]> {
  const started = performance.now();
  const product = await startProduct(program, home, options);
  try {
    const plane = product.client(controlPlane);
    const name = deploymentName(0);
    const labels = { 'bench.flotilla.io/edit': `e${edit}` };
    await plane.resource(Deployments).patch({ namespace, name }, 'merge', { metadata: { labels } });
    const arrived = Promise.withResolvers<void>();
    const following = await follow(
      product.client(memberName(0)),
      Deployments,
      ({ object }) => {
        if (object.metadata.labels?.['bench.flotilla.io/edit'] === `e${edit}`) arrived.resolve();
      },
      // Listing all of them to a client would be a part of what is measured.
      { namespace, fieldSelector: `metadata.name=${name}` },
    );
    await within(patience(1_000), () => 'the edit has not arrived', arrived.promise, following.failed);
    const through = performance.now() - started;
    following.stop();
    const { cpuSeconds, residentBytes, ownBytes } = usageOf(product.pid);
    await loopDelay(plane);
    await plane.resource(Deployments).list({ namespace });
    return [
      seconds('first edit through', through),
      seconds('ready', product.readyMs),
      seconds('CPU', cpuSeconds * 1000),
      mebibytes('memory', residentBytes),
      mebibytes("memory without the store's file", ownBytes),
      ...(await loopDelay(plane, 'event loop delay while listing')),
    ];
  } finally {
    await product.stop();
  }
}

export const restart: Bench = {
  name: 'restart',
  summary: `--n managed templates: from start to the first new edit in the member (${restarts} restarts a run)`,
  runs: 1,
  defaultCount,
  run: async ({ options, program, say }) => {
    const home = await makeHome(options);
    try {
      await fill(home, program, options, options.n ?? defaultCount, say);
      const figures: Figure[] = [];
      for (let edit = 1; edit <= restarts; edit++) figures.push(...(await restartOnce(home, program, options, edit)));
      return figures;
    } finally {
      await home.remove();
    }
  },
};
