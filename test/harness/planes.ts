/** A control plane and members in one process, without Pods unless asked for: what the flow's tests run on. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { ClusterKind } from '#apis/cluster/cluster.ts';
import { customKinds, servedKinds } from '#apis/kinds.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { MutatingWebhookConfigurations, ValidatingWebhookConfigurations } from '#apis/kubernetes/types.ts';
import { type Component, startComponent } from '#app/components/component.ts';
import { controllerManagerControllers } from '#app/components/controller-manager.ts';
import { schedulerComponentControllers } from '#app/components/scheduler.ts';
import {
  type ControllerManagerSettings,
  controllerManagerDefaults,
  featureGates,
  type SchedulerSettings,
  schedulerDefaults,
} from '#app/components/settings.ts';
import { knownKind } from '#app/kinds.ts';
import { connectTo } from '#app/up/connect.ts';
import { withoutPods } from '#app/up/control-plane.ts';
import { estimatorsOf } from '#app/up/estimators.ts';
import { gcAndFriends } from '#app/up/native.ts';
import { verdicts } from '#app/up/verdicts.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type Faults, faultyHandler } from '#client/faulty.ts';
import { inProcessClient } from '#client/in-process.ts';
import type { Connect } from '#fleet/access/members.ts';
import type { ApiHandler, ApiRequest, UserInfo } from '#kube/request/request.ts';
import { type Log, silentLog } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { rawPaths } from '#server/http/raw.ts';
import { type ApiServer, createApiServer } from '#server/serve.ts';
import { memoryStore } from '#server/storage/memory.ts';
import { webhookConfigurations } from '#webhooks/configurations.ts';
import { webhooks } from '#webhooks/webhooks.ts';
import type { Clock } from '#world/clock/clock.ts';
import { systemClock } from '#world/clock/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { World } from '#world/world.ts';
import { cuttable, type Line } from './cuttable.ts';

const user: UserInfo = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] };

/** A write that a component sent, events apart. */
export interface Write {
  /** `karmada-apiserver` or a member's name. */
  readonly server: string;
  readonly component: string;
  readonly request: ApiRequest;
  readonly failed: boolean;
}

export interface Planes {
  readonly control: ApiClient;
  readonly member: (name: string) => ApiClient;
  readonly components: readonly Component[];
  /** Every write of a component so far, in order. */
  readonly writes: readonly Write[];
  /** Ends the components (all, or one by name) as a clean stop does; the API servers go on. */
  readonly stopComponents: (name?: string) => Promise<void>;
  /** Ends a component as kill -9 does: in the middle of whatever it is doing. */
  readonly killComponent: (name: string) => void;
  /** Starts those that do not run, on the same stores. */
  readonly startComponents: () => Promise<void>;
  /** Makes another member and its Cluster object. */
  readonly addMember: (name: string, metadata?: Cluster['metadata']) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface PlanesOptions {
  readonly members?: readonly string[];
  readonly world?: World;
  readonly settings?: Partial<ControllerManagerSettings>;
  readonly scheduler?: Partial<SchedulerSettings>;
  readonly freeze?: boolean;
  /** Between the components and every API server; asked at each occasion. */
  readonly faults?: () => Faults;
  /** By which a member's API server tells the time; absent: as everybody else. */
  readonly clockOf?: (member: string, clock: Clock) => Clock;
  /** In front of a member's API server, for the components. */
  readonly before?: (member: string, handler: ApiHandler) => ApiHandler;
  /** Started over each member's API server (nodes, native controllers, Pods); answers how it ends. */
  readonly inside?: (member: Inside) => Promise<() => Promise<void>>;
  readonly log?: Log;
  /** How a Cluster that is no member from here is reached; without it as its Cluster object says. */
  readonly foreign?: Connect;
}

export interface Inside {
  readonly name: string;
  readonly index: number;
  readonly handler: ApiHandler;
  readonly world: World;
}

const writing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

export async function startPlanes(options: PlanesOptions = {}): Promise<Planes> {
  const world = options.world ?? { clock: systemClock, random: seededRandom(1) };
  const store = memoryStore({ clock: world.clock, freeze: options.freeze ?? true });
  let own: ApiClient | undefined;
  const table = webhooks({
    random: world.random,
    gates: () => options.settings?.gates ?? featureGates,
    allowsNoExecute: () => true,
    client: () => own!,
  });
  const raw = rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' });
  const writes: Write[] = [];
  /** Of the components that run now, by name. */
  const lines = new Map<string, Line>();
  const ends: (() => Promise<void>)[] = [];

  const verdict = verdicts();

  const serve = async (name: string, own: boolean): Promise<ApiServer> => {
    const server = createApiServer({
      name,
      space: name,
      store,
      world: own || !options.clockOf ? world : { ...world, clock: options.clockOf(name, world.clock) },
      kinds: own ? [...builtinKinds(), ...customKinds, ...servedKinds] : builtinKinds(),
      raw,
      disabledAdmission: own ? withoutPods : ['ServiceAccount'],
      ...(own ? { answered: verdict.answered } : {}),
      webhooks: own
        ? {
            resolve: (_configuration, webhook) =>
              table.find((each) => webhook.clientConfig.url?.endsWith(each.path))?.review,
          }
        : {},
    });
    await server.start();
    return server;
  };

  /** As a component meets a server: its writes noted, faults in between. */
  const seenBy = (component: string, server: ApiServer): ApiHandler => {
    const inner = options.before?.(server.name, server.handler) ?? server.handler;
    const noting: ApiHandler = {
      ...inner,
      handle: async (request) => {
        if (!writing.has(request.verb) || request.path.resource === 'events') return inner.handle(request);
        try {
          const answer = await inner.handle(request);
          writes.push({ server: server.name, component, request, failed: false });
          return answer;
        } catch (error) {
          writes.push({ server: server.name, component, request, failed: true });
          throw error;
        }
      },
    };
    const faulty = options.faults ? faultyHandler(noting, { ...world, faults: options.faults }) : noting;
    return cuttable(faulty, lines.get(component)!);
  };
  const clientOf = (name: string, handler: ApiHandler, userAgent: string) =>
    inProcessClient({ name, handler, user, clock: world.clock, userAgent });
  const testClient = (server: ApiServer) => clientOf(server.name, server.handler, 'test');

  const plane = await serve('karmada-apiserver', true);
  const control = testClient(plane);
  own = clientOf(plane.name, plane.handler, 'karmada-webhook');
  const [mutating, validating] = webhookConfigurations(table, { url: 'https://127.0.0.1:1' });
  await control.resource(MutatingWebhookConfigurations).create(mutating);
  await control.resource(ValidatingWebhookConfigurations).create(validating);

  const members = new Map<string, ApiServer>();
  const addMember = async (name: string, metadata: Cluster['metadata'] = {}) => {
    const server = await serve(name, false);
    const inside = await options.inside?.({ name, index: members.size, handler: server.handler, world });
    if (inside) ends.push(inside);
    members.set(name, server);
    await control.resource<Cluster>(ClusterKind).create({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { ...metadata, name },
      spec: { syncMode: 'Push', apiEndpoint: 'https://127.0.0.1:1' },
    });
  };
  for (const name of options.members ?? ['member1', 'member2']) await addMember(name);

  const foreign = options.foreign ?? connectTo({ controlPlane: control, world, simulated: () => undefined });
  const doors = {
    connect: async (cluster: Cluster) => {
      const server = members.get(cluster.metadata.name!);
      const agent = 'karmada-controller-manager';
      return server ? clientOf(server.name, seenBy(agent, server), agent) : foreign(cluster);
    },
    kindOf: knownKind,
  };
  const estimator = estimatorsOf(
    {
      get: (name) => {
        const server = members.get(name);
        return server && { client: (_user, agent) => clientOf(name, server.handler, agent) };
      },
    },
    { world, metrics: createMetrics(), disk: { readText: async () => undefined } },
  );
  const builders: Readonly<Record<string, Parameters<typeof startComponent>[1]>> = {
    'kube-controller-manager': gcAndFriends(),
    'karmada-controller-manager': controllerManagerControllers(
      { ...controllerManagerDefaults, ...options.settings },
      doors,
    ),
    'karmada-scheduler': schedulerComponentControllers(
      { ...schedulerDefaults, ...options.scheduler },
      { estimator, explains: verdict.explains },
    ),
  };
  const running = new Map<string, Component>();
  const startComponents = async () => {
    for (const [name, build] of Object.entries(builders)) {
      if (running.has(name)) continue;
      lines.set(name, { cut: false });
      const client = clientOf(plane.name, seenBy(name, plane), name);
      const log = options.log ?? silentLog;
      running.set(name, startComponent({ name, client, ...world, metrics: createMetrics(), log }, build));
    }
    await Promise.all(Array.from(running.values(), (component) => component.started));
  };
  const stopComponents = async (name?: string) => {
    const ending = [...running.values()].filter((component) => name === undefined || component.name === name);
    for (const component of ending) {
      running.delete(component.name);
      await component.stop();
    }
  };
  const killComponent = (name: string) => {
    const component = running.get(name);
    if (!component) return;
    running.delete(name);
    lines.get(name)!.cut = true;
    // Its timers and queues end with it; whom it still tries to reach does not answer.
    component.stop().catch(() => {});
  };
  await startComponents();
  return {
    control,
    member: (name) => testClient(members.get(name)!),
    get components() {
      return [...running.values()];
    },
    writes,
    stopComponents,
    killComponent,
    startComponents,
    addMember,
    stop: async () => {
      await stopComponents();
      for (const end of ends) await end();
      for (const server of [plane, ...members.values()]) server.stop();
      await store.close();
    },
  };
}
