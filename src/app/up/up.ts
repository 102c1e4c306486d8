/** `flotilla up`: the control plane, its controllers and any number of simulated members, in one process. */

import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { clusterNamespace } from '#apis/names/objects.ts';
import type { ApiClient } from '#client/api-client.ts';
import { loadingOf } from '#client/informer/loading.ts';
import { join } from '#fleet/join/join.ts';
import { isReason } from '#kube/status/status.ts';
import { loadStages } from '#member/stages.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { processMetrics } from '#runtime/telemetry/process.ts';
import type { Audit } from '#server/audit/audit.ts';
import type { Store } from '#server/storage/store.ts';
import type { StageSet } from '#workloads/pods/life/stages.ts';
import type { Disk } from '#world/disk/disk.ts';
import { watchLoopDelay } from '#world/process/loop-delay.ts';
import { machine } from '#world/process/process.ts';
import { programRoot } from '#world/process/root.ts';
import type { World } from '#world/world.ts';
import type { Component } from '../components/component.ts';
import { type ComponentName, type ComponentSettings, parseComponentFlags } from '../components/flags.ts';
import type { ComponentFlags } from '../host/component-flags.ts';
import { type Host, hostName, startHost } from '../host/host.ts';
import { knownKind } from '../kinds.ts';
import { adminUser, type CallerOptions, type ClusterServer } from './cluster-server.ts';
import { connectTo } from './connect.ts';
import { controlPlaneName, startControlPlane } from './control-plane.ts';
import { type EmbeddedComponents, embeddedComponents } from './embedded-components.ts';
import { estimatorsOf } from './estimators.ts';
import { type ClusterIdentity, clusterIdentity } from './identity.ts';
import { type KubeconfigOptions, type Reachable, writeKubeconfigs } from './kubeconfigs.ts';
import { type Ports, rememberedPorts } from './ports.ts';
import type { Progress } from './progress.ts';
import { type SimulatedMember, startSimulatedMember } from './simulated-member.ts';
import { statusOf, type UpStatus } from './status.ts';
import { openStore } from './store.ts';
import { verdicts } from './verdicts.ts';

export interface UpOptions {
  readonly world: World;
  readonly disk: Disk;
  readonly log: Log;
  readonly progress: Progress;
  /** Names of the simulated members. */
  readonly members: readonly string[];
  readonly dataDirectory: string;
  /** Nothing is kept: the store is memory. Keys and ports still live in the data directory. */
  readonly ephemeral: boolean;
  readonly kubeconfigFolder: string;
  /** Of the control plane's API server; an error when it is busy. */
  readonly port?: number;
  /** Who writes down what the control plane is asked. */
  readonly audit?: Audit;
  readonly callers?: CallerOptions;
  /** False: there is no karmada-host, and components run with their defaults instead of what it shows. */
  readonly host?: boolean;
  /** Flags of components, which karmada-host shows from now on. */
  readonly componentFlags?: ComponentFlags;
}

export interface Up {
  readonly controlPlane: ClusterServer;
  readonly members: ReadonlyMap<string, SimulatedMember>;
  /** Contexts its kubeconfigs have. */
  readonly contexts: readonly string[];
  readonly client: (cluster: string, userAgent?: string) => ApiClient;
  readonly status: () => Promise<UpStatus>;
  /** Resolves when all clusters are Ready, or at once where `held` says why they cannot be. */
  readonly ready: Promise<void>;
  /** Components that do not run until somebody does something, and why: one sentence each. */
  readonly held: readonly string[];
  readonly stop: () => Promise<void>;
}

interface Foundation {
  readonly store: Store;
  readonly ports: Ports;
  readonly identityOf: (cluster: string) => Promise<ClusterIdentity>;
  readonly stages: StageSet;
  readonly release: () => Promise<void>;
}

export async function up(options: UpOptions): Promise<Up> {
  const { world, log, progress, members: names } = options;
  const foundation = await openFoundation(options);
  const running: { readonly stop: () => Promise<void> }[] = [];
  const stop = async () => {
    for (const each of running.reverse()) await each.stop();
    await foundation.store.close();
    await foundation.release();
  };
  try {
    const metrics = createMetrics();
    processMetrics(metrics, { memoryBytes: machine.memoryBytes, loopDelay: watchLoopDelay() });
    const started = world.clock.now();
    const own: Component[] = [];
    const verdict = verdicts();
    const rest = theRest(world);
    let host: Host | undefined;
    // Asked for by a request, and none is answered before the API server is there.
    const status = (): Promise<UpStatus> =>
      statusOf({
        admin: client(controlPlaneName),
        components: [...own, ...(host?.components() ?? [])],
        started,
        world,
        memoryBytes: machine.memoryBytes(),
        store: foundation.store,
      });
    const [controlPlane, shown, ...members] = await Promise.all([
      startPlane(options, foundation, metrics, {
        status,
        answered: verdict.answered,
        ...webhooksOf(() => host, options),
      }),
      options.host === false ? undefined : showHost(options, foundation),
      ...names.map((name, index) => startMember(options, foundation, name, index, rest.may)),
    ]);
    host = shown;
    running.push(controlPlane, ...members, ...(host ? [host] : []));
    await foundation.ports.save();
    const byName = new Map(members.map((member) => [member.name, member]));
    const client = clientOf(
      (cluster) => (cluster === hostName ? host : cluster === controlPlaneName ? controlPlane : byName.get(cluster))!,
    );
    await writeContexts(options, foundation, { controlPlane, host }, members);
    progress.done(servedLine(names.length));

    const admin = client(controlPlaneName);
    const simulated: Simulated = (name, user, agent) => byName.get(name)?.client(user, agent);
    const connect = connectTo({ controlPlane: admin, world, simulated });
    const asComponent = (agent: string) => client(controlPlaneName, agent);
    const { authority } = await foundation.identityOf(controlPlaneName);
    const estimator = estimatorsOf(byName, { ...options, metrics });
    const shared = { world, metrics, log, authority, estimator, after: rest.may, explains: verdict.explains };
    const embedded = embeddedComponents({ ...shared, client: asComponent, connect, kindOf: knownKind });
    own.push(embedded['kube-controller-manager'](), ...(host ? [] : withoutHost(embedded, options)));
    running.push(...own);
    const components = (await host?.run({ controlPlane: asComponent, starts: embedded })) ?? [];
    if (!host) await Promise.all(own.slice(1).map((component) => component.started));
    await Promise.all(members.map((member) => joinMember(admin, member, world)));
    const contexts = [controlPlaneName, ...(host ? [hostName] : []), ...names];
    const ready = looksAfterClusters(components) ? allReady(admin, names) : Promise.resolve();
    rest.follows(ready);
    const held = components.map(({ name, why }) => `${name} does not run: ${why}`);
    return { controlPlane, members: byName, contexts, client, status, ready, held, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * What the fleet can do without for a moment: an edit made as soon as all is ready meets a process that has read what
 * the edit needs, and not yet what members and the garbage collector look at for themselves.
 */
function theRest({ clock }: World) {
  const { promise: may, resolve } = Promise.withResolvers<void>();
  const begin = () => loadingOf(clock).whenOver(resolve);
  return { may, follows: (ready: Promise<void>) => void ready.then(begin, begin) };
}

type Simulated = Parameters<typeof connectTo>[0]['simulated'];

/** As an administrator. */
const clientOf =
  (serverOf: (cluster: string) => Pick<ClusterServer, 'client'>): Up['client'] =>
  (cluster, userAgent = 'flotilla') =>
    serverOf(cluster).client(adminUser, userAgent);

const servedLine = (members: number) =>
  `Control plane and ${members} member ${members === 1 ? 'cluster' : 'clusters'} serve their APIs`;

/** `held`: the components that do not run. No cluster becomes Ready without the one that looks after them. */
const looksAfterClusters = (held: readonly { readonly name: string }[]): boolean =>
  held.every(({ name }) => name !== 'karmada-controller-manager');

async function openFoundation({ disk, world, dataDirectory, ephemeral }: UpOptions): Promise<Foundation> {
  const { store, file, release } = await openStore({ disk, clock: world.clock, path: dataDirectory, ephemeral });
  const ports = await rememberedPorts(disk, file('ports.json'));
  const identityOf = (cluster: string) => clusterIdentity(disk, file(`pki/${cluster}.json`), cluster, world.clock);
  await disk.makeDirectory(file('pki'));
  const stages = await loadStages(disk, `${programRoot()}/data/stages`, 'instant');
  return { store, ports, identityOf, stages, release };
}

type Metrics = ReturnType<typeof createMetrics>;

/** What is told of a port that had to change. */
function reportPort({ progress }: UpOptions, { ports }: Foundation, name: string, server: ClusterServer): void {
  const { port } = server.listener;
  if (server.movedFrom)
    progress.note(
      `Port ${server.movedFrom} of ${name} is taken: it listens on ${port} now, and its kubeconfig says so`,
    );
  ports.remember(name, port);
}

async function startPlane(
  options: UpOptions,
  foundation: Foundation,
  metrics: Metrics,
  answers: Pick<Parameters<typeof startControlPlane>[0], 'status' | 'answered' | 'webhookIsUp' | 'webhookSettings'>,
): Promise<ClusterServer> {
  const { world, log, port, audit, callers } = options;
  const server = await startControlPlane({
    store: foundation.store,
    world,
    identity: await foundation.identityOf(controlPlaneName),
    metrics,
    onError: (error) => log.error('Request failed', error, { server: controlPlaneName }),
    port: port ?? foundation.ports.of(controlPlaneName),
    portRequired: port !== undefined,
    ...(audit ? { audit } : {}),
    ...(callers ? { callers } : {}),
    ...answers,
  });
  reportPort(options, foundation, controlPlaneName, server);
  return server;
}

/** As the host shows them; without one, or before it is there, they answer by the flags they were given. */
const webhooksOf = (host: () => Host | undefined, options: UpOptions) => {
  const settings = flaggedSettings('karmada-webhook', options);
  return {
    webhookIsUp: () => host()?.isUp('karmada-webhook') ?? true,
    webhookSettings: () => host()?.webhookSettings() ?? settings,
  };
};

/** Throws for flags the component does not understand. */
function flaggedSettings<Name extends ComponentName & keyof ComponentFlags>(
  name: Name,
  { componentFlags = {} }: UpOptions,
): ComponentSettings[Name] {
  const parsed = parseComponentFlags(name, componentFlags[name] ?? []);
  if ('error' in parsed) throw new Error(`${name}: ${parsed.error}`);
  return parsed.settings;
}

/** Without a host nothing but these flags chooses how components run. */
const withoutHost = (embedded: EmbeddedComponents, options: UpOptions): readonly Component[] => [
  embedded['karmada-scheduler'](flaggedSettings('karmada-scheduler', options)),
  embedded['karmada-controller-manager'](flaggedSettings('karmada-controller-manager', options)),
];

async function showHost(options: UpOptions, foundation: Foundation): Promise<Host> {
  const { world, disk, log } = options;
  const host = await startHost({
    store: foundation.store,
    world,
    disk,
    log,
    identity: await foundation.identityOf(hostName),
    port: foundation.ports.of(hostName),
    stages: foundation.stages,
    ...(options.componentFlags ? { flags: options.componentFlags } : {}),
  });
  reportPort(options, foundation, hostName, host.server);
  return host;
}

async function startMember(
  options: UpOptions,
  foundation: Foundation,
  name: string,
  index: number,
  after: Promise<void>,
): Promise<SimulatedMember> {
  const { world, log } = options;
  const member = await startSimulatedMember({
    name,
    index,
    store: foundation.store,
    world,
    identity: await foundation.identityOf(name),
    log: log.with({ cluster: name }),
    port: foundation.ports.of(name),
    stages: foundation.stages,
    after,
  });
  reportPort(options, foundation, name, member.server);
  return member;
}

async function writeContexts(
  { disk, kubeconfigFolder, dataDirectory }: UpOptions,
  { identityOf }: Foundation,
  { controlPlane, host }: { readonly controlPlane: ClusterServer; readonly host: Host | undefined },
  members: readonly SimulatedMember[],
): Promise<void> {
  const reachable = async (name: string, { listener }: ClusterServer): Promise<Reachable> => ({
    name,
    url: listener.url,
    identity: await identityOf(name),
  });
  const own: KubeconfigOptions = { disk, folder: kubeconfigFolder, owner: dataDirectory };
  await writeKubeconfigs(
    own,
    // The first is the current context of a new file.
    [await reachable(controlPlaneName, controlPlane), ...(host ? [await reachable(hostName, host.server)] : [])],
    await Promise.all(members.map((member) => reachable(member.name, member.server))),
  );
}

/** A simulated member is joined like any other, once; its endpoint follows its port. */
async function joinMember(admin: ApiClient, member: SimulatedMember, world: World): Promise<void> {
  const clusters = admin.resource<Cluster>(ClusterKind);
  const { url } = member.server.listener;
  try {
    const cluster = await clusters.get({ name: member.name });
    if (cluster.spec.apiEndpoint !== url)
      await clusters.patch({ name: member.name }, 'merge', { spec: { apiEndpoint: url } });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    await join({
      name: member.name,
      controlPlane: admin,
      member: member.client(adminUser, 'flotilla'),
      endpoint: { url },
      namespace: clusterNamespace,
      clock: world.clock,
    });
  }
}

/** All these clusters say that they are Ready. */
function allReady(admin: ApiClient, names: readonly string[]): Promise<void> {
  const waiting = new Set(names);
  if (waiting.size === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const watching = admin.resource<Cluster>(ClusterKind).watch(
      { sendInitialEvents: true, allowBookmarks: true, resourceVersionMatch: 'NotOlderThan' },
      {
        event: ({ object }) => {
          const ready = object.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True');
          if (!ready || !waiting.delete(object.metadata.name!) || waiting.size > 0) return;
          resolve();
          watching.then((handle) => handle.stop(), reject);
        },
        end: (error) => error && reject(error),
      },
    );
    watching.catch(reject);
  });
}
