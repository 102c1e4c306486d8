/**
 * Bindings of every kind of placement get their clusters: durable embedded control plane, the scheduler alone, no Works
 * (no other controller of ours runs), clusters that are objects only. Timed twice: from the first creation until all
 * carry Scheduled=True, the load's own requests included; and, for bindings that wait for a scheduler, from the first
 * that is scheduled to the last.
 */
import { type Deployment, Deployments } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import { type ResourceBinding, ResourceBindingKind } from '#apis/work/resource-binding.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type Bench, type BenchRun, type Figure, perSecond } from '../bench.ts';
import { checklist, follow, within } from '../follow.ts';
import { inParallel } from '../load.ts';
import { measured } from '../measured.ts';
import { patience, settle } from '../migration.ts';
import { controlPlane, makeHome, type Product, startProduct } from '../product.ts';
import { binding, makeFleet } from '../scheduling.ts';

const defaultCount = 5_000;
const fleet = 100;
const large = { fleet: 1_000, bindings: 10_000 } as const;
const host = 'karmada-host';

const schedulerOnly = ['--controller-manager-flags=--controllers=-*'];

const isScheduled = ({ status }: ResourceBinding) =>
  status?.conditions?.some(({ type, status: is }) => type === 'Scheduled' && is === 'True') === true;

/** When each binding was first seen to be scheduled. */
async function trackScheduled(client: ApiClient, count: number) {
  const list = checklist(count);
  const times: number[] = [];
  const failures = new Map<string, number>();
  const following = await follow<ResourceBinding>(client, ResourceBindingKind, ({ type, object }) => {
    const name = object.metadata.name!;
    const condition = object.status?.conditions?.find((each) => each.type === 'Scheduled');
    if (condition?.status === 'False')
      failures.set(condition.message ?? '', (failures.get(condition.message ?? '') ?? 0) + 1);
    if (type === 'DELETED' || !isScheduled(object)) return;
    times.push(performance.now());
    list.tick(name);
  });
  return {
    times,
    finished: async () => {
      const missing = () => `${list.size()} of ${count} scheduled; ${[...failures].slice(0, 3).join('; ')}`;
      await within<unknown>(patience(count), missing, list.done, following.failed);
      following.stop();
    },
  };
}

const create = (client: ApiClient, first: number, count: number, clusters: number) =>
  inParallel(count, (index) =>
    client.resource<ResourceBinding>(ResourceBindingKind).create(binding(first + index, clusters)),
  );

async function scaleScheduler(product: Product, replicas: number): Promise<void> {
  const deployments = product.client(host).resource<Deployment>(Deployments);
  const name = { namespace: systemNamespace, name: 'karmada-scheduler' };
  await deployments.patch(name, 'merge', { spec: { replicas } });
  for (;;) {
    const { status } = await deployments.get(name);
    if ((status?.readyReplicas ?? 0) === replicas) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Several stretches are measured in one run. */
const named = (what: string, figures: readonly Figure[]) =>
  figures.map((figure) => ({ ...figure, name: `${what}: ${figure.name === what ? 'all of it' : figure.name}` }));

/** Bindings are there before the scheduler starts: nothing but scheduling is in the time between the first and the last. */
async function waiting(bench: BenchRun, product: Product, first: number, count: number, clusters: number) {
  const client = product.client(controlPlane);
  await scaleScheduler(product, 0);
  await create(client, first, count, clusters);
  await settle();
  const scheduled = await trackScheduled(client, first + count);
  const known = scheduled.times.length;
  const what = `${count} waiting on ${clusters} clusters`;
  const { figures, writes } = await measured(bench, product, what, async () => {
    await scaleScheduler(product, 1);
    await scheduled.finished();
  });
  const took = scheduled.times.at(-1)! - scheduled.times[known]!;
  bench.say(`${writes} writes`);
  return [perSecond(what, (count - 1) / (took / 1000)), ...named(what, figures)];
}

async function created(bench: BenchRun, product: Product, count: number, clusters: number) {
  const client = product.client(controlPlane);
  const scheduled = await trackScheduled(client, count);
  const began = performance.now();
  const what = `${count} created on ${clusters} clusters`;
  const { figures, writes } = await measured(bench, product, what, async () => {
    await create(client, 0, count, clusters);
    await scheduled.finished();
  });
  const took = scheduled.times.at(-1)! - began;
  bench.say(`${writes} writes`);
  return [perSecond(what, count / (took / 1000)), ...named(what, figures)];
}

async function onFleet(bench: BenchRun, clusters: number, count: number): Promise<readonly Figure[]> {
  const { options, program } = bench;
  const home = await makeHome(options);
  const noMembers = { ...options, members: 0 };
  const product = await startProduct(program, home, noMembers, options.profile !== undefined, schedulerOnly);
  try {
    await makeFleet(product.client(controlPlane), clusters);
    await settle();
    const figures = await created(bench, product, count, clusters);
    return [...figures, ...(await waiting(bench, product, count, count, clusters))];
  } finally {
    await product.stop();
    await home.remove();
  }
}

export const schedule: Bench = {
  name: 'schedule',
  summary: `--n bindings on ${fleet} clusters, and ${large.bindings} on ${large.fleet}: bindings a second, memory`,
  runs: 1,
  defaultCount,
  run: async (bench) => [
    ...(await onFleet(bench, fleet, bench.options.n ?? defaultCount)),
    ...(bench.options.n === undefined ? await onFleet(bench, large.fleet, large.bindings) : []),
  ],
};
