/** The control plane of a rehearsal: its API server with our kinds and webhooks, the clusters of the plan, the components. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { customKinds, servedKinds } from '#apis/kinds.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { MutatingWebhookConfigurations, Namespaces, ValidatingWebhookConfigurations } from '#apis/kubernetes/types.ts';
import { clusterNamespace, systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import type { ApiServer } from '#server/serve.ts';
import type { Store } from '#server/storage/store.ts';
import { webhookConfigurations } from '#webhooks/configurations.ts';
import { webhooks } from '#webhooks/webhooks.ts';
import type { World } from '#world/world.ts';
import { type Component, startComponent } from '../components/component.ts';
import { controllerManagerControllers } from '../components/controller-manager.ts';
import { schedulerComponentControllers } from '../components/scheduler.ts';
import { featureGates } from '../components/settings.ts';
import { knownKind } from '../kinds.ts';
import { adminUser } from '../up/cluster-server.ts';
import { controlPlaneName, withoutPods } from '../up/control-plane.ts';
import { estimatorsOf } from '../up/estimators.ts';
import { gcAndFriends } from '../up/native.ts';
import { verdicts } from '../up/verdicts.ts';
import { startServer } from './server.ts';
import type { RehearsedSettings } from './settings.ts';

/** Where our own webhooks are said to be; nothing is ever called there. */
const webhookAddress = 'https://karmada-webhook.karmada-system.svc:443';

export const controlKinds = [...customKinds, ...servedKinds];

export async function startControlServer(store: Store, world: World): Promise<ApiServer> {
  let served: ApiClient | undefined;
  const table = webhooks({ random: world.random, gates: () => featureGates, client: () => served! });
  const plane = await startServer({
    name: controlPlaneName,
    store,
    world,
    kinds: [...builtinKinds(), ...controlKinds],
    disabledAdmission: withoutPods,
    own: (url) => (url.startsWith(webhookAddress) ? table.find(({ path }) => url.endsWith(path))?.review : undefined),
  });
  served = clientFor(plane.name, plane.handler, world, 'karmada-webhook');
  const [mutating, validating] = webhookConfigurations(table, { url: webhookAddress });
  await served.resource(MutatingWebhookConfigurations).create(mutating);
  await served.resource(ValidatingWebhookConfigurations).create(validating);
  for (const name of [systemNamespace, clusterNamespace]) {
    await served.resource(Namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} });
  }
  return plane;
}

export const clientFor = (name: string, handler: ApiHandler, { clock }: World, userAgent: string): ApiClient =>
  inProcessClient({ name, handler, user: adminUser, clock, userAgent });

/** As it is joined, or as it would be; taints and labels decide where templates go. */
export async function addCluster(control: ApiClient, name: string, known: Cluster | undefined): Promise<void> {
  const { labels, annotations } = known?.metadata ?? {};
  const { region, zone, zones, provider, taints, resourceModels } = known?.spec ?? {};
  await control.resource<Cluster>(ClusterKind).create({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec: {
      syncMode: 'Push',
      apiEndpoint: 'https://127.0.0.1:1',
      ...(region ? { region } : {}),
      ...(zone ? { zone } : {}),
      ...(zones ? { zones } : {}),
      ...(provider ? { provider } : {}),
      ...(taints ? { taints } : {}),
      ...(resourceModels ? { resourceModels } : {}),
    },
  });
}

export interface ComponentsOptions {
  readonly control: ApiHandler;
  /** Of a loaded member. */
  readonly memberOf: (name: string) => ApiHandler | undefined;
  readonly world: World;
  readonly settings: RehearsedSettings;
}

export function startComponents({ control, memberOf, world, settings }: ComponentsOptions): readonly Component[] {
  const agent = 'karmada-controller-manager';
  const memberClient = (name: string, userAgent: string) => {
    const handler = memberOf(name);
    return handler && clientFor(name, handler, world, userAgent);
  };
  const verdict = verdicts();
  const estimator = estimatorsOf(
    {
      get: (name) => {
        const client = memberClient(name, 'karmada-scheduler-estimator');
        return client && { client: () => client };
      },
    },
    { world, metrics: createMetrics(), disk: { readText: async () => undefined } },
  );
  const start = (name: string, build: Parameters<typeof startComponent>[1]): Component =>
    startComponent(
      {
        name,
        client: clientFor(controlPlaneName, control, world, name),
        ...world,
        metrics: createMetrics(),
        log: silentLog,
      },
      build,
    );
  return [
    start('kube-controller-manager', gcAndFriends()),
    start(
      agent,
      controllerManagerControllers(settings['karmada-controller-manager'], {
        connect: async ({ metadata }) => memberClient(metadata.name!, agent),
        kindOf: knownKind,
      }),
    ),
    start(
      'karmada-scheduler',
      schedulerComponentControllers(settings['karmada-scheduler'], { estimator, explains: verdict.explains }),
    ),
  ];
}
