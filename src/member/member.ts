/**
 * A simulated member cluster behind its API server: nodes, the controllers every cluster has, a scheduler, kubelets.
 * The server is made by whoever composes the process and handed in as a handler; started again on the same store,
 * everything is as it was.
 */
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { ApiHandler, UserInfo } from '#kube/request/request.ts';
import { eventBroadcaster } from '#runtime/events.ts';
import { type ControllerStatus, controllerManager as runControllers } from '#runtime/manager.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import { workloadControllers } from '#workloads/controllers.ts';
import { kubeletController } from '#workloads/pods/life/controller.ts';
import type { StageSet } from '#workloads/pods/life/stages.ts';
import { heartbeatController } from '#workloads/pods/nodes/heartbeat.ts';
import { schedulerController } from '#workloads/pods/scheduler/controller.ts';
import { type MemberFaults, memberFaults } from './faults.ts';
import { memberNetwork } from './network.ts';
import { defaultNodes, type NodeShape, nodeFrom, register } from './nodes.ts';
import { allowKubelets, controllerManager, kubelet, scheduler } from './users.ts';

export interface MemberOptions {
  /** `member1` */
  readonly name: string;
  /** From 0; gives the address ranges (network.ts). */
  readonly index: number;
  /** Its API server, started. */
  readonly handler: ApiHandler;
  readonly world: World;
  readonly log: Log;
  /** Its own: the controllers of all members have the same names. */
  readonly metrics: Metrics;
  readonly stages: StageSet;
  readonly nodes?: readonly NodeShape[];
  /** PEM of the CA, published in every namespace. */
  readonly rootCertificate?: string;
}

export interface Member {
  readonly name: string;
  /** Its API as the outside meets it, faults included: for connections and for the listener. */
  readonly handler: ApiHandler;
  readonly client: (user: UserInfo, userAgent: string) => ApiClient;
  readonly faults: MemberFaults;
  /** Resolves when the nodes are known and all workers run. */
  readonly started: Promise<void>;
  readonly running: () => boolean;
  readonly status: () => readonly ControllerStatus[];
  readonly stop: () => Promise<void>;
}

export function startMember(options: MemberOptions): Member {
  const { name, handler, world, log } = options;
  const faults = memberFaults(name, world);
  const outside = faults.outside(handler);
  const loops = startLoops(options, faults);
  loops.started.catch((error: unknown) => log.error('Member could not start', error, { cluster: name }));
  return {
    name,
    handler: outside,
    client: (user, userAgent) =>
      inProcessClient({ name, handler: outside, user, clock: world.clock, userAgent }),
    faults,
    ...loops,
  };
}

/** What runs inside: clients for each actor, one set of informers for all, events by component. */
function startLoops(options: MemberOptions, { machines }: MemberFaults) {
  const { name, handler, world, metrics, stages, rootCertificate } = options;
  const { clock, random } = world;
  const log = options.log.with({ cluster: name });
  const clients: ApiClient[] = [];
  const clientFor = (user: UserInfo, userAgent: string): ApiClient => {
    const client = inProcessClient({ name, handler, user, clock, userAgent });
    clients.push(client);
    return client;
  };
  const manager = clientFor(controllerManager, 'kube-controller-manager');
  const kubelets = new Map<string, ApiClient>();
  const kubeletOf = (node: string): ApiClient => {
    let client = kubelets.get(node);
    if (!client) {
      client = clientFor(kubelet(node), 'kubelet');
      kubelets.set(node, client);
    }
    return client;
  };
  const scheduling = clientFor(scheduler, 'kube-scheduler');
  const broadcasters = [manager, scheduling, kubeletOf(name)].map((client) => eventBroadcaster({ client, clock, metrics }));
  const [managerEvents, schedulerEvents, kubeletEvents] = broadcasters as [typeof broadcasters[0], typeof broadcasters[0], typeof broadcasters[0]];
  const informers = informerFactory(manager, { clock, random });
  const shared = { informers, clock, random, machines };
  const controllers = [
    ...workloadControllers({ ...shared, client: manager, events: managerEvents.recorder, ...(rootCertificate ? { rootCertificate } : {}) }),
    schedulerController({ ...shared, client: scheduling, events: schedulerEvents.recorder('default-scheduler') }),
    kubeletController({ ...shared, clientOf: kubeletOf, events: kubeletEvents.recorder('kubelet'), stages }),
    heartbeatController({ ...shared, clientOf: kubeletOf, life: stages.nodes }),
  ];
  const loops = runControllers({ controllers, informers: [informers], clock, metrics, log });
  const bootstrap = async () => {
    await allowKubelets(manager);
    const plan = { member: name, network: memberNetwork(options.index), life: stages.nodes, now: timestamp(clock.now()) };
    const nodes = (options.nodes ?? defaultNodes).map((shape, i) => nodeFrom(plan, shape, i));
    await Promise.all(nodes.map((node) => register(kubeletOf(node.metadata.name!), node, clock)));
    await loops.start();
  };
  return {
    started: bootstrap(),
    running: loops.running,
    status: loops.status,
    stop: async () => {
      await loops.stop();
      await Promise.all(broadcasters.map((broadcaster) => broadcaster.stop()));
      informers.stop();
      for (const client of clients) client.close();
    },
  };
}
