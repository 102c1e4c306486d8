/** Runs the control plane's components from the Pods that karmada-host shows: the kubelet's programs, so to say. */
import { type Pod, Pods } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result } from '#runtime/reconciler.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import type { World } from '#world/world.ts';
import type { Component } from '../components/component.ts';
import type { ComponentSettings } from '../components/flags.ts';
import { isLed, type LedName, ledNames, type RunnableName, runnableNames } from './components.ts';
import { holderAmong, isRunning } from './plan.ts';
import { componentOf, processOf, settingsOf } from './process.ts';
import { type Leadership, type Seat, takeSeat } from './seat.ts';

/** Start the real components in this process. */
export type ComponentStarts = {
  readonly [Name in LedName]: (settings: ComponentSettings[Name], leadership: Leadership) => Component;
};

export interface RunnerOptions {
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly world: World;
  readonly log: Log;
  /** Of this host: tells its Pods' leases from those of others. */
  readonly installation: string;
  /** The control plane's API as a component. */
  readonly controlPlane: (component: LedName) => ApiClient;
  readonly starts: ComponentStarts;
}

export interface Runner {
  readonly controller: Controller;
  /** Absent while nothing of that name runs, or another process leads. */
  readonly component: (name: LedName) => Component | undefined;
  /** Some Pod's program runs, if only standing by. */
  readonly isUp: (name: RunnableName) => boolean;
  /** How the webhooks are to answer: by the flags of a Pod that serves them. Absent while none does. */
  readonly webhookSettings: () => ComponentSettings['karmada-webhook'] | undefined;
  /** Resolves when that component runs for the first time. */
  readonly firstStart: (name: RunnableName) => Promise<void>;
  /** Ends every component; to be called when the controller has stopped. */
  readonly stop: () => Promise<void>;
}

/** What is said of a flag that means nothing any more. */
const retiredFlag = 'RetiredFlag';

export function componentRunner(options: RunnerOptions): Runner {
  const pods = options.informers.informer(Pods, { namespace: systemNamespace });
  const seats = new Map<LedName, Seat>();
  const first = new Map(runnableNames.map((name) => [name, Promise.withResolvers<void>()]));
  const warned = new Set<string>();
  const served = new WeakMap<Pod, ComponentSettings['karmada-webhook']>();
  const podsOf = (name: RunnableName) => pods.list(systemNamespace).filter((pod) => componentOf(pod) === name);

  const reconcile = async (key: string): Promise<Result> => {
    const name = key as LedName;
    const seat = seats.get(name);
    const holder = holderAmong(podsOf(name), seat?.uid);
    if (seat && seat.uid === holder?.metadata.uid) return done;
    if (seat) {
      await seat.stop();
      seats.delete(name);
    }
    if (!holder) return done;
    const taken = seatFor(options, name, holder);
    seats.set(name, taken);
    void taken.started.then(first.get(name)!.resolve);
    return done;
  };

  /** Once for each Pod whose program has started. */
  const begun = (name: RunnableName, pod: Pod) => {
    warnOf(options.events, pod);
    if (!isLed(name)) first.get(name)!.resolve();
  };

  return {
    controller: {
      name: 'component',
      workers: ledNames.length,
      setUp: (enqueue) => {
        pods.onChange(({ type, object }) => {
          const name = componentOf(object);
          if (!name) return;
          const { uid = '' } = object.metadata;
          if (type === 'deleted') warned.delete(uid);
          else if (!warned.has(uid) && isRunning(object)) {
            warned.add(uid);
            begun(name, object);
          }
          if (isLed(name)) enqueue(name);
        });
      },
      reconcile,
    },
    component: (name) => seats.get(name)?.component(),
    isUp: (name) => podsOf(name).some(isRunning),
    webhookSettings: () => {
      const pod = podsOf('karmada-webhook').find(isRunning);
      if (!pod) return undefined;
      const settings = served.get(pod) ?? settingsOf('karmada-webhook', pod);
      served.set(pod, settings);
      return settings;
    },
    firstStart: (name) => first.get(name)!.promise,
    stop: async () => {
      await Promise.all(Array.from(seats.values(), (seat) => seat.stop()));
      seats.clear();
    },
  };
}

function seatFor<Name extends LedName>(options: RunnerOptions, name: Name, pod: Pod): Seat {
  const { installation, world, controlPlane, starts } = options;
  const settings = settingsOf(name, pod);
  return takeSeat({
    name,
    pod: { name: pod.metadata.name!, uid: pod.metadata.uid! },
    installation,
    world,
    client: controlPlane(name),
    election: settings.process.leaderElection,
    log: options.log.with({ component: name }),
    run: (leadership) => starts[name](settings, leadership),
  });
}

/** Accepted all the same: manifests written for the reference go on working. */
function warnOf(events: EventRecorder, pod: Pod): void {
  for (const warning of processOf(pod)?.warnings ?? []) events.event(pod, 'Warning', retiredFlag, warning);
}
