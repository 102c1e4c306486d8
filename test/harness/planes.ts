/** A control plane and members in one process, without Pods: what the flow's tests run on. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { customKinds, servedKinds } from '#apis/kinds.ts';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { ClusterKind } from '#apis/cluster/cluster.ts';
import { startComponent, type Component } from '#app/components/component.ts';
import { controllerManagerControllers } from '#app/components/controller-manager.ts';
import { schedulerComponentControllers } from '#app/components/scheduler.ts';
import { type ControllerManagerSettings, controllerManagerDefaults, schedulerDefaults } from '#app/components/settings.ts';
import { knownKind } from '#app/kinds.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { type ApiServer, createApiServer } from '#server/serve.ts';
import { rawPaths } from '#server/http/raw.ts';
import { memoryStore } from '#server/storage/memory.ts';
import { systemClock } from '#world/clock/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { World } from '#world/world.ts';
import { webhookConfigurations } from '#webhooks/configurations.ts';
import { webhooks } from '#webhooks/webhooks.ts';
import { MutatingWebhookConfigurations, ValidatingWebhookConfigurations } from '#apis/kubernetes/types.ts';

const user: UserInfo = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] };

export interface Planes {
  readonly control: ApiClient;
  readonly member: (name: string) => ApiClient;
  readonly components: readonly Component[];
  readonly stop: () => Promise<void>;
}

export interface PlanesOptions {
  readonly members?: readonly string[];
  readonly world?: World;
  readonly settings?: Partial<ControllerManagerSettings>;
  readonly freeze?: boolean;
}

export async function startPlanes(options: PlanesOptions = {}): Promise<Planes> {
  const world = options.world ?? { clock: systemClock, random: seededRandom(1) };
  const store = memoryStore({ clock: world.clock, freeze: options.freeze ?? true });
  const table = webhooks(world);
  const raw = rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' });
  const serve = async (name: string, own: boolean): Promise<ApiServer> => {
    const server = createApiServer({
      name,
      space: name,
      store,
      world,
      kinds: own ? [...builtinKinds(), ...customKinds, ...servedKinds] : builtinKinds(),
      raw,
      webhooks: own ? { resolve: (_configuration, webhook) => table.find((each) => webhook.clientConfig.url?.endsWith(each.path))?.review } : {},
    });
    await server.start();
    return server;
  };
  const clientOf = (server: ApiServer, userAgent: string) =>
    inProcessClient({ name: server.name, handler: server.handler, user, clock: world.clock, userAgent });
  const plane = await serve('karmada-apiserver', true);
  const control = clientOf(plane, 'test');
  const [mutating, validating] = webhookConfigurations(table, { url: 'https://127.0.0.1:1' });
  await control.resource(MutatingWebhookConfigurations).create(mutating);
  await control.resource(ValidatingWebhookConfigurations).create(validating);
  const members = new Map<string, ApiServer>();
  for (const name of options.members ?? ['member1', 'member2']) {
    members.set(name, await serve(name, false));
    await control.resource<Cluster>(ClusterKind).create({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
      spec: { syncMode: 'Push', apiEndpoint: 'https://127.0.0.1:1' },
    });
  }
  const doors = {
    connect: async (cluster: Cluster) => {
      const server = members.get(cluster.metadata.name!);
      return server ? clientOf(server, 'karmada-controller-manager') : undefined;
    },
    kindOf: knownKind,
  };
  const start = (name: string, build: Parameters<typeof startComponent>[1]) =>
    startComponent({ name, client: clientOf(plane, name), ...world, metrics: createMetrics(), log: silentLog }, build);
  const components = [
    start('karmada-controller-manager', controllerManagerControllers({ ...controllerManagerDefaults, ...options.settings }, doors)),
    start('karmada-scheduler', schedulerComponentControllers(schedulerDefaults)),
  ];
  await Promise.all(components.map((component) => component.started));
  return {
    control,
    member: (name) => clientOf(members.get(name)!, 'test'),
    components,
    stop: async () => {
      for (const component of components) await component.stop();
      for (const server of [plane, ...members.values()]) server.stop();
      await store.close();
    },
  };
}
