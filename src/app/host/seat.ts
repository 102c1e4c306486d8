/**
 * The place of a component that one Pod at a time takes: the holder competes for the component's Lease in the control
 * plane, so that a process of its own elsewhere is respected too, and runs the component while it leads.
 */
import { type Lease, Leases } from '#apis/kubernetes/types.ts';
import type { ApiClient, ObjectName } from '#client/api-client.ts';
import { isReason } from '#kube/status/status.ts';
import { electLeader, type LeaderElection } from '#runtime/leader.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import type { World } from '#world/world.ts';
import type { Component } from '../components/component.ts';
import type { ProcessSettings } from '../components/flags.ts';

export interface Leadership {
  /** The lease is certainly still ours: to be asked before each write. */
  readonly mayAct: () => boolean;
}

export interface SeatOptions {
  /** Of the Lease: the component. */
  readonly name: string;
  readonly pod: { readonly name: string; readonly uid: string };
  /** As the component's flags say: without election it runs at once, whoever else does. */
  readonly election: ProcessSettings['leaderElection'];
  /** What identities of this host end with. */
  readonly installation: string;
  /** The control plane's API, as this component. */
  readonly client: ApiClient;
  readonly world: World;
  readonly log: Log;
  readonly run: (leadership: Leadership) => Component;
}

export interface Seat {
  readonly uid: string;
  /** Absent while another leads. */
  readonly component: () => Component | undefined;
  /** Resolves when the component runs for the first time; never when another leads all the time. */
  readonly started: Promise<void>;
  /** Ends the component, then gives the lease back. */
  readonly stop: () => Promise<void>;
}

export function takeSeat(options: SeatOptions): Seat {
  const { name, pod, installation, client, world, log } = options;
  const { enabled, namespace, ...timing } = options.election;
  const identity = `${pod.name}_${installation}`;
  const stopping = new AbortController();
  const { promise: started, resolve: hasStarted } = Promise.withResolvers<void>();
  let component: Component | undefined;
  let election: LeaderElection | undefined;

  const begin = () => {
    component = options.run({ mayAct: () => !enabled || (election?.mayAct() ?? false) });
    component.started.then(hasStarted, (error: unknown) =>
      log.error('Component could not start', error, { pod: pod.name }),
    );
  };
  const compete = async () => {
    await releasePredecessor(client, { namespace, name }, identity, installation).catch((error: unknown) =>
      log.error('The lease of the one before cannot be released', error),
    );
    if (stopping.signal.aborted) return;
    election = electLeader({
      client,
      ...world,
      namespace,
      name,
      identity,
      timing,
      log,
      onStartedLeading: begin,
      onStoppedLeading: () => {
        preparing = endComponent().then(compete);
      },
    });
  };
  const endComponent = async () => {
    const ended = component;
    component = undefined;
    await ended?.stop();
  };

  /** What is under way: the lease of a predecessor, the end of a component that lost its own. */
  let preparing = enabled ? compete() : Promise.resolve(begin());
  return {
    uid: pod.uid,
    component: () => component,
    started,
    stop: async () => {
      stopping.abort();
      await preparing;
      await endComponent();
      await election?.stop();
    },
  };
}

/** Only one of ours runs at a time, so a lease that another of ours holds was left behind by a killed process. */
async function releasePredecessor(
  client: ApiClient,
  name: ObjectName,
  identity: string,
  installation: string,
): Promise<void> {
  const leases = client.resource<Lease>(Leases);
  try {
    const lease = await leases.get(name);
    const { holderIdentity = '' } = lease.spec;
    if (holderIdentity === identity || !holderIdentity.endsWith(`_${installation}`)) return;
    await leases.update({ ...lease, spec: { ...lease.spec, holderIdentity: '' } });
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
  }
}
