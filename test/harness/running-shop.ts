/** The shop runs in member1 of a fleet, and a plan of it is made: where the tests of migrations begin. */
import { type Pod, Pods } from '#apis/kubernetes/types.ts';
import { type Fleet, startFleet } from '../simulation/fleet.ts';
import type { Flow } from './flow.ts';
import { type Anything, kubectl } from './kubectl.ts';
import { type Planned, planned, shop } from './migration.ts';
import { handsOn } from './samples.ts';

/** Pods by name and uid: two lists are alike when none was replaced. */
export async function podsIn(flow: Flow, name: string): Promise<readonly string[]> {
  const { items } = await flow.member(name).resource<Pod>(Pods).list({ namespace: 'shop' });
  return items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
}

export const inShop = (kind: string, name: string): Anything =>
  shop.find((each) => each.kind === kind && each.metadata.name === name)!;

export interface RunningShop extends Planned {
  readonly fleet: Fleet;
  readonly flow: Flow;
  /** In member1, before anything was done. */
  readonly pods: readonly string[];
}

export interface ShopOptions {
  readonly to?: readonly string[];
  /** What member1 has besides. */
  readonly alsoHere?: readonly Anything[];
  /** What member2 has of its own. */
  readonly alsoThere?: readonly Anything[];
}

export async function runningShop({
  to = ['member1'],
  alsoHere = [],
  alsoThere = [],
}: ShopOptions = {}): Promise<RunningShop> {
  const fleet = await startFleet(11);
  const { flow } = fleet;
  const { member1, member2 } = handsOn(flow);
  for (const object of [...shop, ...alsoHere]) await flow.drive(member1.apply(object));
  for (const object of alsoThere) await flow.drive(member2.apply(object));
  await flow.until('clusters are ready', async () => {
    const clusters = await kubectl(flow.control).list('cluster.karmada.io/v1alpha1', 'Cluster');
    return clusters.every((each) => isReady(each));
  });
  // Its autoscaler has scaled by then.
  await flow.pass(30_000);
  const made = await planned(flow, { to });
  return { ...made, fleet, flow, pods: await podsIn(flow, 'member1') };
}

const isReady = ({ status }: Anything): boolean =>
  status?.conditions?.some((each: Anything) => each.type === 'Ready' && each.status === 'True') === true;

/** The cluster answers nobody; resolves once the control plane knows it. */
export async function lose({ fleet, flow }: Pick<RunningShop, 'fleet' | 'flow'>, name: string): Promise<void> {
  fleet.members.get(name)!.faults.setApi({ unreachable: true });
  const cluster = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name } };
  await flow.until(`${name} is away`, async () => !isReady(await handsOn(flow).control.get(cluster)));
}

/** It answers again, and the control plane knows. */
export async function found({ fleet, flow }: Pick<RunningShop, 'fleet' | 'flow'>, name: string): Promise<void> {
  fleet.members.get(name)!.faults.setApi({});
  const cluster = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name } };
  await flow.until(`${name} is back`, async () => isReady(await handsOn(flow).control.get(cluster)));
}

/** What it fails with, as it is told. */
export async function rejected(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was to fail');
}
