/**
 * A simulated member cluster behind its API server: nodes, the controllers every cluster has, a scheduler, kubelets.
 * The server is made by whoever composes the process and handed in as a handler; started again on the same store,
 * everything is as it was.
 */
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { Nodes } from '#kube/connect/nodes.ts';
import type { ApiHandler, UserInfo } from '#kube/request/request.ts';
import { eventBroadcaster } from '#runtime/events.ts';
import { type ControllerStatus, controllerManager as runControllers } from '#runtime/manager.ts';
import { timestamp } from '#world/clock/clock.ts';
import { type Actors, actors } from './actors.ts';
import { memberControllers } from './controllers.ts';
import { type MemberFaults, memberFaults } from './faults.ts';
import { memberNetwork } from './network.ts';
import { defaultNodes, nodeFrom, register } from './nodes.ts';
import type { MemberOptions } from './options.ts';
import { ensureStorage } from './storage.ts';
import { type UsageAnswers, usageAnswers } from './usage.ts';

export interface Member {
  readonly name: string;
  /** Its API as the outside meets it, faults included: for connections and for the listener. */
  readonly handler: ApiHandler;
  readonly client: (user: UserInfo, userAgent: string) => ApiClient;
  readonly faults: MemberFaults;
  /** Its kubelets and the network of its Pods, for its API server to connect people to; made when first asked for. */
  readonly nodes: () => Promise<Nodes>;
  /** What its Pods and nodes use, for its API server to answer. */
  readonly usage: UsageAnswers;
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
    client: (user, userAgent) => inProcessClient({ name, handler: outside, user, clock: world.clock, userAgent }),
    faults,
    ...loops,
  };
}

/** What runs inside: clients for each actor, one set of informers for all, events by component. */
function startLoops(options: MemberOptions, faults: MemberFaults) {
  const { handler, world, metrics, name } = options;
  const { clock } = world;
  const clients = actors({ name, handler, clock });
  const informers = informerFactory(clients.manager, { ...world, after: options.after });
  const broadcast = (client: ApiClient) => eventBroadcaster({ client, clock, metrics });
  const events = {
    manager: broadcast(clients.manager),
    scheduler: broadcast(clients.scheduler),
    kubelets: broadcast(clients.kubelet(name)),
  };
  const loops = runControllers({
    controllers: memberControllers(options, { informers, clients, events, machines: faults.machines }),
    informers: [informers],
    clock,
    metrics,
    log: options.log.with({ cluster: name }),
  });
  const start = async () => {
    await bootstrap(options, clients);
    await loops.start();
  };
  let nodes: Promise<Nodes> | undefined;
  return {
    nodes: () => {
      nodes ??= import('./kubelet/kubelets.ts').then(({ simulatedNodes }) =>
        simulatedNodes({ clock, informers, machines: faults.machines, clientOf: clients.kubelet }),
      );
      return nodes;
    },
    usage: usageAnswers({ informers, clock }),
    started: start(),
    running: loops.running,
    status: loops.status,
    stop: async () => {
      await loops.stop();
      await Promise.all(Object.values(events).map((broadcaster) => broadcaster.stop()));
      informers.stop();
      clients.close();
    },
  };
}

/** What has to be there before anything runs; what is there already stays as it is. */
async function bootstrap({ name, index, world, stages, nodes = defaultNodes }: MemberOptions, clients: Actors) {
  const { clock } = world;
  await ensureStorage(clients.manager);
  const plan = {
    member: name,
    network: memberNetwork(index, nodes.length),
    life: stages.nodes,
    now: timestamp(clock.now()),
  };
  const shaped = nodes.map((shape, i) => nodeFrom(plan, shape, i));
  await Promise.all(shaped.map((node) => register(clients.kubelet(node.metadata.name!), node, clock)));
}
