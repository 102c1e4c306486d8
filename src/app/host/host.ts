/**
 * karmada-host: a small simulated cluster that shows the control plane's parts as Deployments in karmada-system, and
 * runs the components from them. What is edited there is what runs, also after `flotilla up` was started again.
 */
import { type Deployment, Deployments, Namespaces } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient } from '#client/api-client.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { eventBroadcaster } from '#runtime/events.ts';
import { controllerManager } from '#runtime/manager.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import type { Store } from '#server/storage/store.ts';
import type { StageSet } from '#workloads/pods/life/stages.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { World } from '#world/world.ts';
import type { Component } from '../components/component.ts';
import { adminUser, type ClusterServer } from '../up/cluster-server.ts';
import type { ClusterIdentity } from '../up/identity.ts';
import { hostNetwork } from '../up/places.ts';
import { startSimulatedMember } from '../up/simulated-member.ts';
import type { ComponentFlags } from './component-flags.ts';
import { isRunnable, type LedName, ledNames, type RunnableName } from './components.ts';
import { embeddedAdmission } from './embedded-admission.ts';
import { processOf } from './process.ts';
import { withProcesses } from './process-stages.ts';
import { type ComponentStarts, componentRunner, type Runner } from './runner.ts';
import { seedHost } from './seed.ts';

export const hostName = 'karmada-host';

export interface HostOptions {
  readonly store: Store;
  readonly world: World;
  readonly disk: Disk;
  readonly log: Log;
  readonly identity: ClusterIdentity;
  readonly port: number;
  /** How Pods and nodes live. */
  readonly stages: StageSet;
  /** Become part of the commands that are shown. */
  readonly flags?: ComponentFlags;
}

export interface HostComponents {
  /** The control plane's API as a component; leases are kept there. */
  readonly controlPlane: (component: LedName) => ApiClient;
  readonly starts: ComponentStarts;
}

/** A component that will not run before somebody does something. */
export interface HeldComponent {
  readonly name: RunnableName;
  /** Why, and what to do. */
  readonly why: string;
}

export interface Host {
  readonly server: ClusterServer;
  readonly client: (user: UserInfo, userAgent: string) => ApiClient;
  /**
   * Starts the components from the Deployments, once. Resolves when those run that are wanted and can, with those that
   * do not: none is waited for that is scaled to 0 or whose flags are wrong.
   */
  readonly run: (components: HostComponents) => Promise<readonly HeldComponent[]>;
  /** What runs at present, of those that are led; stopped ones are there too and say that they do not run. */
  readonly components: () => readonly Component[];
  /** Some Pod of it runs. True before `run` has resolved: nobody is refused while everything starts. */
  readonly isUp: (component: RunnableName) => boolean;
  /** By which webhooks answer; absent while none of their Pods runs. */
  readonly webhookSettings: Runner['webhookSettings'];
  readonly stop: () => Promise<void>;
}

/** Beyond it we go on without a component: its Pods say why it does not come. */
const patienceMs = 10_000;

/** As kind names it. */
const node = { name: `${hostName}-control-plane` };

export async function startHost(options: HostOptions): Promise<Host> {
  const { world, disk } = options;
  const log = options.log.with({ cluster: hostName });
  const cluster = await startSimulatedMember({
    ...options,
    name: hostName,
    index: hostNetwork,
    log,
    stages: withProcesses(options.stages),
    nodes: [node],
    admission: [embeddedAdmission],
  });
  const client = cluster.client(adminUser, 'flotilla');
  try {
    await seedHost(client, disk, options.flags);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  let running: RunningComponents | undefined;
  let settled = false;
  return {
    server: cluster.server,
    client: cluster.client,
    run: async (components) => {
      running = await runComponents({ ...components, client, world, log });
      await atMost(world.clock, patienceMs, running.settled);
      settled = true;
      return running.held;
    },
    components: () => ledNames.map((name) => running?.runner.component(name) ?? stopped(name)),
    webhookSettings: () => running?.runner.webhookSettings(),
    isUp: (name) => !settled || running!.runner.isUp(name),
    stop: async () => {
      await running?.stop();
      await cluster.stop();
      client.close();
    },
  };
}

/** Waits for the end of it, but not longer than that. */
async function atMost(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, sleep(clock, ms, over.signal).catch(() => {})]);
  over.abort();
}

const stopped = (name: string): Component => ({
  name,
  started: Promise.resolve(),
  running: () => false,
  status: () => [],
  stop: async () => {},
});

interface RunningComponents {
  readonly runner: Runner;
  readonly held: readonly HeldComponent[];
  readonly settled: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

async function runComponents(
  options: HostComponents & {
    readonly client: ApiClient;
    readonly world: World;
    readonly log: Log;
  },
): Promise<RunningComponents> {
  const { client, world, log } = options;
  const metrics = createMetrics();
  const [kubeSystem, deployments] = await Promise.all([
    client.resource(Namespaces).get({ name: 'kube-system' }),
    client.resource<Deployment>(Deployments).list({ namespace: systemNamespace }),
  ]);
  const informers = informerFactory(client, world);
  const events = eventBroadcaster({ client, clock: world.clock, metrics });
  const runner = componentRunner({
    ...options,
    informers,
    events: events.recorder('kubelet'),
    installation: kubeSystem.metadata.uid!,
  });
  const manager = controllerManager({
    controllers: [runner.controller],
    informers: [informers],
    clock: world.clock,
    metrics,
    log,
  });
  await manager.start();
  const runnable = deployments.items.filter(({ metadata }) => isRunnable(metadata.name));
  const wanted = runnable.filter((each) => whyHeld(each) === undefined).map(nameOf);
  return {
    runner,
    held: runnable.flatMap((each) => {
      const why = whyHeld(each);
      return why === undefined ? [] : [{ name: nameOf(each), why }];
    }),
    settled: Promise.all(wanted.map(runner.firstStart)),
    stop: async () => {
      await manager.stop();
      await runner.stop();
      await events.stop();
      informers.stop();
    },
  };
}

const nameOf = ({ metadata }: Deployment) => metadata.name as RunnableName;

/** Undefined for a component that is going to run without anybody's doing. */
function whyHeld({ metadata, spec }: Deployment): string | undefined {
  const kubectl = `kubectl --context ${hostName} -n ${systemNamespace}`;
  if (spec.replicas === 0)
    return `it is scaled to 0 on ${hostName}; start it with ${kubectl} scale deployment ${metadata.name} --replicas=1`;
  const { template } = spec;
  const pod = { metadata: { ...template.metadata, namespace: systemNamespace }, spec: template.spec };
  const failure = processOf(pod)?.failure;
  return failure && `${failure}; put its flags right with ${kubectl} edit deployment ${metadata.name}`;
}
