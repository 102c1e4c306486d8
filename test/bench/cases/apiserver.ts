/** The API server alone: 1 kB ConfigMaps over 32 connections, phase by phase as the reference was measured. */
import { ConfigMaps, Deployments } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type Bench, type Figure, mebibytes, milliseconds, perSecond } from '../bench.ts';
import { within } from '../follow.ts';
import { connections, inParallel } from '../load.ts';
import { settle } from '../migration.ts';
import { configMap, deployment, namespace } from '../objects.ts';
import { makeHome, memberName, type Product, startProduct } from '../product.ts';
import { percentile } from '../statistics.ts';
import { usageOf } from '../usage.ts';

const objects = 5_000;
const lists = 20;
const selections = 500;
const watchers = 100;
const events = 300;
const deployments = 2_000;
/** Some other namespace, where nothing else watches for workloads. */
const quiet = 'kube-public';

interface Phase {
  readonly name: string;
  readonly count: number;
  readonly run: (client: ApiClient, index: number) => Promise<unknown>;
}

const nameOf = (index: number) => ({ namespace, name: configMap(index).metadata.name! });

const phases: readonly Phase[] = [
  { name: 'create', count: objects, run: (client, i) => client.resource(ConfigMaps).create(configMap(i)) },
  { name: 'get', count: objects, run: (client, i) => client.resource(ConfigMaps).get(nameOf(i)) },
  {
    name: 'merge patch',
    count: objects,
    run: (client, i) => client.resource(ConfigMaps).patch(nameOf(i), 'merge', { data: { patched: `p${i}` } }),
  },
  {
    name: 'server-side apply',
    count: objects,
    run: (client, i) => client.resource(ConfigMaps).apply(applied(i), { fieldManager: 'bench', force: true }),
  },
  { name: 'list 5,000', count: lists, run: (client) => client.resource(ConfigMaps).list({ namespace }) },
  {
    name: 'list by label, 50 of 5,000',
    count: selections,
    run: (client, i) => client.resource(ConfigMaps).list({ namespace, labelSelector: `group=g${i % 100}` }),
  },
  {
    name: 'create Deployment',
    count: deployments,
    run: (client, i) => client.resource(Deployments).create(template(i)),
  },
  { name: 'delete', count: objects, run: (client, i) => client.resource(ConfigMaps).delete(nameOf(i)) },
];

const applied = (index: number): KubeObject => {
  const object = configMap(index) as KubeObject & { readonly data: object };
  return { ...object, data: { ...object.data, applied: `a${index}` } } as KubeObject;
};

/** Without replicas, so that no Pods are made. */
const template = (index: number) => {
  const object = deployment(index);
  return { ...object, metadata: { ...object.metadata, namespace: quiet }, spec: { ...object.spec!, replicas: 0 } };
};

/** Rate by wall time and by the server's CPU, and how long one request took. */
async function measure({ pid }: Product, count: number, name: string, work: () => Promise<readonly number[]>) {
  const before = usageOf(pid).cpuSeconds;
  const started = performance.now();
  const times = await work();
  const took = (performance.now() - started) / 1000;
  const cpu = usageOf(pid).cpuSeconds - before;
  const figures: Figure[] = [perSecond(name, count / took), perSecond(`${name} per CPU second`, count / cpu)];
  if (times.length === 0) return figures;
  for (const p of [50, 99]) figures.push(milliseconds(`${name} p${p}`, percentile(times, p / 100)));
  return figures;
}

/** Each of the watchers gets each of the changes. */
async function watchPhase(client: ApiClient): Promise<readonly number[]> {
  const target = 'watched';
  const done = Promise.withResolvers<void>();
  let delivered = 0;
  const made = await client.resource(ConfigMaps).create({ ...configMap(0), metadata: { name: target, namespace } });
  const handles = await Promise.all(
    Array.from({ length: watchers }, () =>
      client.resource(ConfigMaps).watch(
        { namespace, resourceVersion: made.metadata.resourceVersion! },
        {
          event: () => {
            if (++delivered === watchers * events) done.resolve();
          },
          end: (error) => done.reject(error ?? new Error('a watch has ended')),
        },
      ),
    ),
  );
  await inParallel(events, (index) =>
    client.resource(ConfigMaps).patch({ namespace, name: target }, 'merge', { data: { count: `${index}` } }),
  );
  await within(60_000, () => `${delivered} of ${watchers * events} delivered`, done.promise);
  for (const handle of handles) handle.stop();
  return [];
}

export const apiserver: Bench = {
  name: 'apiserver',
  summary: 'create, get, patch, apply, list, watch and delete of 1 kB ConfigMaps over 32 connections',
  runs: 3,
  run: async ({ options, program }) => {
    const home = await makeHome(options);
    const product = await startProduct(program, home, options);
    const client = product.client(memberName(0));
    try {
      await settle();
      const figures: Figure[] = [];
      for (const { name, count, run } of phases) {
        if (name === 'delete') {
          const watched = 'watch, 300 events to 100 watchers';
          figures.push(...(await measure(product, watchers * events, watched, () => watchPhase(client))));
        }
        // What controllers make of one phase is not counted to the next.
        await settle();
        const load = () => inParallel(count, (index) => run(client, index), count === lists ? 4 : connections);
        figures.push(...(await measure(product, count, name, load)));
      }
      figures.push(mebibytes('peak memory', usageOf(product.pid).peakBytes));
      return figures;
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
