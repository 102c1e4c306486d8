/** A cluster for tests of its controllers: the embedded API server, simulated time, and a kubelet without containers. */
import { afterEach } from 'vitest';
import { namedNodes } from '#apis/kubernetes/fit/node-affinity.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { type Deployment, type Pod, Pods } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiHandler, ApiRequest } from '#kube/request/request.ts';
import { type ControllerManager, controllerManager } from '#runtime/manager.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { rawPaths } from '#server/http/raw.ts';
import { createApiServer } from '#server/serve.ts';
import { memoryStore } from '#server/storage/memory.ts';
import { timestamp } from '#world/clock/clock.ts';
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import type { World } from '#world/world.ts';
import { type WorkloadControllersOptions, workloadControllers } from './controllers.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

export interface ToldEvent {
  readonly component: string;
  readonly object: string;
  readonly text: string;
}

export interface TestCluster {
  readonly client: ApiClient;
  readonly clock: SimulatedClock;
  /** `component: Kind/name: Type Reason: message`, in order. */
  readonly events: ToldEvent[];
  /** Every write that was asked for, `update deployments/web/status`; watches and reads are left out. */
  readonly writes: string[];
  readonly settle: () => Promise<void>;
  /** Pods of a namespace by name; `default` when not given. */
  readonly pods: (namespace?: string) => Promise<readonly Pod[]>;
  /** What the kubelet does from now on: `run` makes Pods ready at once, `hold` leaves them pending, `crash` not ready. */
  readonly kubelet: { mode: 'run' | 'hold'; readonly ready: (pod: Pod) => boolean };
  readonly setReady: (pod: Pod, ready: boolean) => Promise<void>;
  readonly finish: (pod: Pod, phase: 'Succeeded' | 'Failed') => Promise<void>;
  /** Stops the controllers and starts others, as after a crash of the process. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface TestClusterOptions {
  readonly names?: WorkloadControllersOptions['names'];
  readonly rootCertificate?: string;
  readonly authority?: WorkloadControllersOptions['authority'];
  /** Seconds Pods take to stop; 0 by default. */
  readonly grace?: number;
  /** Comes between client and server: faults. */
  readonly through?: (handler: ApiHandler, world: World) => ApiHandler;
}

const running: TestCluster[] = [];
afterEach(async () => {
  while (running.length > 0) await running[0]!.stop();
});

const reading = new Set(['get', 'list', 'watch']);

export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const clock = simulatedClock();
  const world = { clock, random: seededRandom(7) };
  const store = memoryStore({ clock, freeze: true });
  const server = createApiServer({
    name: 'member1',
    space: 'member1',
    kinds: builtinKinds(),
    disabledAdmission: ['ServiceAccount', 'TaintNodesByCondition', 'StorageObjectInUseProtection'],
    raw: rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' }),
    store,
    world,
  });
  await server.start();
  const writes: string[] = [];
  const noted: ApiHandler = {
    ...server.handler,
    handle: (request) => {
      if (!reading.has(request.verb)) writes.push(describe(request));
      return server.handler.handle(request);
    },
  };
  const handler = options.through?.(noted, world) ?? noted;
  const own = inProcessClient({ name: 'member1', handler: server.handler, user: admin, clock, userAgent: 'kubectl' });
  const user = { name: 'system:kube-controller-manager', groups: ['system:masters', 'system:authenticated'] };
  const events: ToldEvent[] = [];
  let manager: ControllerManager | undefined;
  let stopControllers = async () => {};

  const startControllers = async () => {
    const client = inProcessClient({ name: 'member1', handler, user, clock, userAgent: 'kube-controller-manager' });
    const informers = informerFactory(client, { clock, random: world.random });
    const controllers = workloadControllers({
      client,
      informers,
      clock,
      random: world.random,
      events: (component) => ({
        event: (object, type, reason, message) =>
          events.push({
            component,
            object: `${object.kind}/${object.metadata.name}`,
            text: `${type} ${reason}: ${message}`,
          }),
      }),
      ...(options.names ? { names: options.names } : {}),
      ...(options.rootCertificate ? { rootCertificate: options.rootCertificate } : {}),
      ...(options.authority ? { authority: options.authority } : {}),
    });
    manager = controllerManager({ controllers, informers: [informers], clock, metrics: createMetrics() });
    await drive(clock, manager.start());
    await clock.settle();
    stopControllers = async () => {
      await manager?.stop();
      informers.stop();
      client.close();
    };
  };

  const kubelet = fakeKubelet(own, clock, options.grace ?? 0);
  await kubelet.start();
  await startControllers();
  const cluster: TestCluster = {
    client: own,
    clock,
    events,
    writes,
    settle: clock.settle,
    kubelet: kubelet.control,
    pods: async (namespace = 'default') =>
      [...(await own.resource(Pods).list({ namespace })).items].sort((a, b) =>
        a.metadata.name! < b.metadata.name! ? -1 : 1,
      ),
    setReady: async (pod, ready) => {
      await kubelet.report(pod, ready);
      await clock.settle();
    },
    finish: async (pod, phase) => {
      await kubelet.end(pod, phase);
      await clock.settle();
    },
    restart: async () => {
      await drive(clock, stopControllers());
      await startControllers();
    },
    stop: async () => {
      const at = running.indexOf(cluster);
      if (at >= 0) running.splice(at, 1);
      await drive(clock, stopControllers());
      own.close();
      server.stop();
      await store.close();
    },
  };
  running.push(cluster);
  return cluster;
}

/** Where nothing is slow no time passes; else as much as it takes. */
async function drive(clock: SimulatedClock, promise: Promise<void>): Promise<void> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  promise.then(end, end);
  for (await clock.settle(); !ended; ) await clock.advance(10);
  await promise;
}

const describe = ({ verb, path }: ApiRequest): string =>
  `${verb} ${[path.resource, path.name, path.subresource].filter(Boolean).join('/')}`;

/** Binds, runs and stops Pods as soon as it hears of them. */
function fakeKubelet(client: ApiClient, clock: SimulatedClock, grace: number) {
  const pods = client.resource(Pods);
  const control: TestCluster['kubelet'] = { mode: 'run', ready: () => true };
  const current = (pod: Pod) => pods.get({ namespace: pod.metadata.namespace!, name: pod.metadata.name! });

  const report = async (pod: Pod, ready: boolean) => {
    const now = timestamp(clock.now());
    const live = await current(pod);
    const before = live.status?.conditions?.find(({ type }) => type === 'Ready');
    const status = ready ? 'True' : 'False';
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
    await pods.update(
      {
        ...live,
        status: {
          ...live.status,
          phase: 'Running',
          podIP: '10.0.0.1',
          conditions: [{ type: 'Ready', status, lastTransitionTime }],
        },
      } as Pod,
      { subresource: 'status' },
    );
  };

  const run = async (pod: Pod) => {
    if (!pod.spec.nodeName) {
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: pod.metadata,
        target: { kind: 'Node', name: namedNodes(pod.spec)?.[0] ?? 'node1' },
      };
      await pods.create(
        { ...binding, metadata: { name: pod.metadata.name!, namespace: pod.metadata.namespace! } } as unknown as Pod,
        { subresource: 'binding' },
      );
    }
    await report(pod, control.ready(pod));
  };

  const remove = async (pod: Pod) => {
    await pods.delete(
      { namespace: pod.metadata.namespace!, name: pod.metadata.name! },
      { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid! } },
    );
  };

  return {
    control,
    report,
    end: async (pod: Pod, phase: string) => {
      const live = await current(pod);
      const status = { ...live.status, phase, conditions: [{ type: 'Ready', status: 'False' }] };
      await pods.update({ ...live, status } as Pod, { subresource: 'status' });
    },
    start: async () => {
      await pods.watch(
        { sendInitialEvents: true, allowBookmarks: true, resourceVersionMatch: 'NotOlderThan' },
        {
          event: ({ type, object }) => {
            const pod = object as Pod;
            const ignore = () => {};
            if (type === 'ADDED' && control.mode === 'run' && !pod.metadata.deletionTimestamp)
              clock.soon(() => void run(pod).catch(ignore));
            else if (type === 'MODIFIED' && pod.metadata.deletionTimestamp) {
              const end = () => void remove(pod).catch(ignore);
              if (grace === 0) clock.soon(end);
              else clock.after(grace * 1_000, end);
            }
          },
          end: () => {},
        },
      );
    },
  };
}

/** A Deployment of one container, as a person would write it. */
export const deploymentOf = (name: string, spec: Partial<Deployment['spec']> = {}, image = 'nginx:1'): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image }] },
    },
    ...spec,
  },
});

export const uidsOf = (objects: readonly KubeObject[]): readonly string[] =>
  objects.map(({ metadata }) => metadata.uid!).sort();
