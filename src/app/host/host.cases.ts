/** karmada-host for tests: with a control plane's API beside it and components that only note that they run. */
import { afterEach } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { type Deployment, Deployments, type Lease, Leases, type Pod, Pods } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import { loadStages } from '#member/stages.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { createApiServer } from '#server/serve.ts';
import { memoryStore } from '#server/storage/memory.ts';
import type { Store } from '#server/storage/store.ts';
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { memoryDisk } from '#world/disk/memory.ts';
import { systemDisk } from '#world/disk/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { Component } from '../components/component.ts';
import { adminUser } from '../up/cluster-server.ts';
import { type ClusterIdentity, clusterIdentity } from '../up/identity.ts';
import type { ComponentFlags } from './component-flags.ts';
import { type HeldComponent, type Host, startHost } from './host.ts';

export interface TestHost {
  readonly host: Host;
  /** What `run` answered. */
  readonly held: readonly HeldComponent[];
  /** As kubectl. */
  readonly client: ApiClient;
  readonly clock: SimulatedClock;
  readonly store: Store;
  /** `karmada-scheduler starts`, `… stops`, in order. */
  readonly told: string[];
  /** The settings each start was given. */
  readonly settings: unknown[];
  /** Most of one name that ran at a time. */
  readonly most: () => number;
  readonly deployment: (name: string) => Promise<Deployment>;
  readonly edit: (name: string, change: (deployment: Deployment) => Deployment) => Promise<void>;
  readonly pods: (app: string) => Promise<readonly Pod[]>;
  readonly lease: (name: string) => Promise<Lease>;
  readonly settle: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const identities = new Map<string, Promise<ClusterIdentity>>();

/** Made once for all tests of a file: keys take longer than the tests. */
function identityOf(name: string, clock: SimulatedClock): Promise<ClusterIdentity> {
  const known = identities.get(name) ?? clusterIdentity(memoryDisk(), 'identity', name, clock);
  identities.set(name, known);
  return known;
}

const open: { readonly test: TestHost; readonly ownStore: boolean }[] = [];
afterEach(async () => {
  const ending = open.splice(0);
  for (const { test } of ending) await test.stop();
  for (const { test, ownStore } of ending) if (ownStore) await test.store.close();
});

export async function startTestHost(
  given: { readonly store?: Store; readonly clock?: SimulatedClock; readonly flags?: ComponentFlags } = {},
): Promise<TestHost> {
  const clock = given.clock ?? simulatedClock();
  const store = given.store ?? memoryStore({ clock, freeze: true });
  const world = { clock, random: seededRandom(1) };
  const name = 'karmada-apiserver';
  const plane = createApiServer({
    name,
    space: name,
    store,
    world,
    kinds: builtinKinds(),
    disabledAdmission: ['NamespaceLifecycle'],
  });
  await through(clock, plane.start());
  const planeClient = (userAgent: string) =>
    inProcessClient({ name, handler: plane.handler, user: adminUser, clock, userAgent });
  const identity = await through(clock, identityOf('karmada-host', clock));
  const stages = await loadStages(systemDisk, 'data/stages', 'instant');
  const host = await through(
    clock,
    startHost({
      store,
      world,
      disk: systemDisk,
      log: silentLog,
      identity,
      port: 0,
      stages,
      ...(given.flags ? { flags: given.flags } : {}),
    }),
  );
  const noted = notedComponents(clock);
  const held = await through(
    clock,
    host.run({
      controlPlane: planeClient,
      starts: {
        'karmada-controller-manager': (settings) => noted.start('karmada-controller-manager', settings),
        'karmada-scheduler': (settings) => noted.start('karmada-scheduler', settings),
      },
    }),
  );
  const client = host.client(adminUser, 'kubectl');
  const control = planeClient('kubectl');
  const deployments = client.resource<Deployment>(Deployments);
  const deployment = (wanted: string) => deployments.get({ namespace: systemNamespace, name: wanted });
  let stopped = false;
  const test: TestHost = {
    host,
    held,
    client,
    clock,
    store,
    told: noted.told,
    settings: noted.settings,
    most: noted.most,
    deployment,
    edit: async (wanted, change) => {
      await deployments.update(change(await deployment(wanted)));
      await clock.settle();
    },
    pods: async (app) =>
      (await client.resource<Pod>(Pods).list({ namespace: systemNamespace, labelSelector: `app=${app}` })).items,
    lease: (wanted) => control.resource<Lease>(Leases).get({ namespace: systemNamespace, name: wanted }),
    settle: clock.settle,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await through(clock, host.stop());
      plane.stop();
    },
  };
  open.push({ test, ownStore: given.store === undefined });
  return test;
}

/** Components that do nothing but say when they start and, a turn after they are asked to, stop. */
function notedComponents(clock: SimulatedClock) {
  const told: string[] = [];
  const settings: unknown[] = [];
  const counts = new Map<string, number>();
  let most = 0;
  const count = (name: string, by: number) => {
    counts.set(name, (counts.get(name) ?? 0) + by);
    most = Math.max(most, counts.get(name)!);
  };
  const start = (name: string, given: unknown): Component => {
    told.push(`${name} starts`);
    settings.push(given);
    count(name, 1);
    return {
      name,
      started: Promise.resolve(),
      running: () => true,
      status: () => [],
      stop: async () => {
        await new Promise<void>((resolve) => clock.soon(resolve));
        count(name, -1);
        told.push(`${name} stops`);
      },
    };
  };
  return { told, settings, most: () => most, start };
}

/** Simulated time stands still: what waits for it is let go on until it is through. */
async function through<T>(clock: SimulatedClock, work: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  work.then(end, end);
  while (!over) await clock.settle();
  return work;
}

/** The same with other flags: `(flags) => [...flags, '--x']`. */
export const withFlags =
  (change: (flags: readonly string[]) => readonly string[]) =>
  (deployment: Deployment): Deployment => {
    const { template } = deployment.spec;
    const [container] = template.spec.containers;
    const containers = [{ ...container!, command: change(container!.command ?? []) }];
    return {
      ...deployment,
      spec: { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } },
    };
  };

export const withReplicas =
  (replicas: number) =>
  (deployment: Deployment): Deployment => ({ ...deployment, spec: { ...deployment.spec, replicas } });
