/** One component as its own process, over any API server: flags, leader election, health and metrics, an orderly end. */
import type { ApiClient } from '#client/api-client.ts';
import { httpClient } from '#client/http.ts';
import { kubeconfigPaths, mergeKubeconfigs, parseKubeconfig, resolveContext } from '#client/kubeconfig.ts';
import { eventBroadcaster } from '#runtime/events.ts';
import { healthChecks } from '#runtime/health.ts';
import { electLeader } from '#runtime/leader.ts';
import { serveTelemetry } from '#runtime/serve.ts';
import { createLog, type Log } from '#runtime/telemetry/log.ts';
import { createMetrics, type Metrics } from '#runtime/telemetry/metrics.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { type Listener, listen } from '#world/network/listen.ts';
import { machine, stopRequested } from '#world/process/process.ts';
import { systemRandom } from '#world/random/system.ts';
import { knownKind } from '../kinds.ts';
import { connectTo } from '../up/connect.ts';
import { type BuiltControllers, type Component, type ComponentParts, startComponent } from './component.ts';
import { controllerManagerControllers } from './controller-manager.ts';
import { estimatorDoor } from './estimators.ts';
import { type ComponentName, type ComponentSettings, type ProcessSettings, parseComponentFlags } from './flags.ts';
import { schedulerComponentControllers } from './scheduler.ts';

const world = { clock: systemClock, random: systemRandom };

/** `:8080` is every address to the reference; ours is loopback unless an address is given. */
function addressOf(text: string): { readonly host: string; readonly port: number } | undefined {
  if (text === '0' || text === '') return undefined;
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, Math.max(0, colon)) || '127.0.0.1', port: Number(text.slice(colon + 1)) };
}

async function controlPlane({ kubeconfig, context }: ProcessSettings, userAgent: string): Promise<ApiClient> {
  const list = kubeconfig || machine.environment.KUBECONFIG || `${machine.home()}/.kube/config`;
  const configs = await Promise.all(
    kubeconfigPaths(list).map(async (path) => parseKubeconfig((await systemDisk.readText(path)) ?? '', path)),
  );
  const resolved = resolveContext(mergeKubeconfigs(configs), context || undefined);
  return httpClient({
    name: 'karmada-apiserver',
    config: resolved.access,
    clock: systemClock,
    disk: systemDisk,
    userAgent,
  });
}

interface Running {
  readonly ready: () => string | undefined;
  readonly stop: () => Promise<void>;
}

/** Health and metrics on one or two ports; a busy one is an error, as a second component on the machine needs its own. */
async function serveHealth(
  { metricsAddress, healthAddress }: ProcessSettings,
  metrics: Metrics,
  ready: Running['ready'],
): Promise<readonly Listener[]> {
  const pages = { live: healthChecks(), ready: healthChecks(), metrics };
  pages.ready.add('component', ready);
  const addresses = [...new Set([metricsAddress, healthAddress])]
    .map(addressOf)
    .filter((address) => address !== undefined);
  return Promise.all(
    addresses.map((address) =>
      listen({
        ...address,
        onRequest: (request, response) => {
          const page = serveTelemetry(pages, request.url ?? '/');
          response.writeHead(page?.code ?? 404, { 'content-type': page?.contentType ?? 'text/plain' });
          response.end(typeof page?.body === 'string' ? page.body : '404 page not found\n');
        },
      }),
    ),
  );
}

type Build = (parts: ComponentParts) => BuiltControllers;

/** Runs the controllers while this process leads; `lost` hears when it no longer may. */
function lead(
  name: ComponentName,
  client: ApiClient,
  settings: ProcessSettings,
  metrics: Metrics,
  log: Log,
  build: Build,
  lost: () => void,
): Running {
  let component: Component | undefined;
  const { leaderElection: election } = settings;
  const start = (leadership?: { readonly mayAct: () => boolean }) => {
    component = startComponent({ name, client, ...world, metrics, log, ...(leadership ? { leadership } : {}) }, build);
    component.started.catch((error: unknown) => {
      log.error('Component could not start', error, {});
      lost();
    });
  };
  if (!election.enabled) {
    start();
    return { ready: () => undefined, stop: async () => component?.stop() };
  }
  const events = eventBroadcaster({ client, clock: systemClock, metrics });
  const identity = `${machine.host()}_${systemRandom.uuid()}`;
  const leader = electLeader({
    client,
    ...world,
    namespace: election.namespace,
    name,
    identity,
    timing: { leaseMs: election.leaseMs, renewMs: election.renewMs, retryMs: election.retryMs },
    events: events.recorder(identity),
    log,
    onStartedLeading: () => start({ mayAct: () => leader.mayAct() }),
    onStoppedLeading: lost,
  });
  return {
    // Standing by is being ready: another one leads.
    ready: () => undefined,
    stop: async () => {
      await component?.stop();
      await leader.stop();
      await events.stop();
    },
  };
}

function buildFor(name: ComponentName, settings: ComponentSettings[ComponentName], client: ApiClient): Build {
  if (name === 'karmada-scheduler')
    return schedulerComponentControllers(settings as ComponentSettings['karmada-scheduler'], {
      estimator: estimatorDoor({ disk: systemDisk }),
    });
  const connect = connectTo({ controlPlane: client, world, simulated: () => undefined });
  return controllerManagerControllers(settings as ComponentSettings['karmada-controller-manager'], {
    connect,
    kindOf: knownKind,
  });
}

async function startWebhook(settings: ComponentSettings['karmada-webhook'], log: Log): Promise<Running> {
  const [cert, key] = await Promise.all([settings.certificate, settings.key].map((path) => systemDisk.readText(path)));
  if (!cert || !key) {
    throw new Error(
      `no serving certificate: ${settings.certificate} and ${settings.key} are needed (--cert-dir names their folder)`,
    );
  }
  // Few reviews need the control plane: it is reached with the first of them, and tried again where it could not be.
  let reached: Promise<ApiClient> | undefined;
  const client = () => {
    reached ??= controlPlane(settings.process, 'karmada-webhook').catch((error: unknown) => {
      reached = undefined;
      throw error;
    });
    return reached;
  };
  if (settings.gates.FederatedQuotaEnforcement) await client();
  const { serveWebhooks } = await import('./webhook-server.ts');
  const server = await serveWebhooks({
    host: settings.address,
    port: settings.port,
    tls: { cert, key },
    world,
    log,
    gates: () => settings.gates,
    allowsNoExecute: () => settings.allowsNoExecute,
    client,
  });
  log.info('Webhooks served', { url: server.url });
  const stop = async () => {
    await server.close();
    (await reached)?.close();
  };
  return { ready: () => undefined, stop };
}

async function startEstimator(
  settings: ComponentSettings['karmada-scheduler-estimator'],
  client: ApiClient,
  metrics: Metrics,
  log: Log,
): Promise<Running> {
  const { startEstimatorServer } = await import('./estimator-server.ts');
  const server = await startEstimatorServer({ settings, client, world, disk: systemDisk, metrics });
  log.info('Estimator serves', { cluster: settings.cluster, address: server.address });
  return { ready: server.waitsFor, stop: server.stop };
}

/** Runs until it is asked to stop or loses its lease; answers the exit code. */
export async function runComponent(name: ComponentName, args: readonly string[]): Promise<number> {
  const parsed = parseComponentFlags(name, args);
  if ('error' in parsed) {
    machine.errors.write(`Error: ${parsed.error}\n`);
    return 1;
  }
  const { settings, warnings } = parsed;
  const { process: ofProcess } = settings;
  const log = createLog({
    clock: systemClock,
    format: ofProcess.jsonLogs ? 'json' : 'text',
    level: ofProcess.debug ? 'debug' : 'info',
    write: machine.errors.write,
  }).with({ component: name });
  for (const warning of warnings) log.info('Flag has no effect', { warning });
  const metrics = createMetrics();
  const lost = Promise.withResolvers<'lost'>();
  const client = name === 'karmada-webhook' ? undefined : await controlPlane(ofProcess, name);
  const running = !client
    ? await startWebhook(settings as ComponentSettings['karmada-webhook'], log)
    : name === 'karmada-scheduler-estimator'
      ? await startEstimator(settings as ComponentSettings['karmada-scheduler-estimator'], client, metrics, log)
      : lead(name, client, ofProcess, metrics, log, buildFor(name, settings, client), () => lost.resolve('lost'));
  const listeners = await serveHealth(ofProcess, metrics, running.ready);
  log.info('Component running', { addresses: listeners.map(({ url }) => url) });
  const why = await Promise.race([stopRequested(), lost.promise]);
  await Promise.all(listeners.map((listener) => listener.close()));
  await running.stop();
  client?.close();
  if (why !== 'lost') return 0;
  log.error('Leadership lost', 'another process may act now: this one ends', {});
  return 1;
}
