/**
 * Runs controllers: lets each wire itself to the informers, waits until these hold their first lists, then starts
 * the workers. Stopping waits for what is under way.
 */
import type { InformerFactory } from '#client/informer/informer.ts';
import type { Clock } from '#world/clock/clock.ts';
import { ControllerLoop } from './controller-loop.ts';
import type { Controller } from './reconciler.ts';
import { type Log, silentLog } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Trouble } from './troubles.ts';

export interface ManagerOptions {
  readonly controllers: readonly Controller[];
  /** Synced before any worker starts; informers that controllers make later are theirs to wait for. */
  readonly informers: readonly InformerFactory[];
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log?: Log;
  /** With leader election: whether the lease is certainly still ours. Asked before each reconciliation. */
  readonly leadership?: { readonly mayAct: () => boolean };
}

export interface ControllerStatus {
  readonly name: string;
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly workers: number;
  readonly troubles: readonly Trouble[];
  /** Troubles beyond those listed. */
  readonly moreTroubles: number;
}

export interface ControllerManager {
  /** Resolves when the workers run. At most once. */
  readonly start: () => Promise<void>;
  /** Resolves when nothing is under way any more. */
  readonly stop: () => Promise<void>;
  /** True between the end of start and the beginning of stop. */
  readonly running: () => boolean;
  readonly status: () => readonly ControllerStatus[];
}

export function controllerManager(options: ManagerOptions): ControllerManager {
  const { controllers, informers, clock, metrics, log = silentLog, leadership } = options;
  const mayAct = leadership ? leadership.mayAct : () => true;
  const loops = controllers.map((controller) => new ControllerLoop({ controller, clock, log, metrics, mayAct }));
  let state: 'new' | 'starting' | 'running' | 'stopped' = 'new';

  return {
    start: async () => {
      if (state !== 'new') throw new Error('a controller manager is started once');
      state = 'starting';
      for (const [i, controller] of controllers.entries()) controller.setUp(loops[i]!.enqueue);
      const began = clock.monotonic();
      await Promise.all(informers.map((factory) => factory.whenSynced()));
      if (!mayStart()) return;
      state = 'running';
      for (const loop of loops) loop.start();
      log.info('Controllers started', {
        controllers: controllers.map(({ name }) => name),
        syncMs: Math.round(clock.monotonic() - began),
      });
    },
    stop: async () => {
      state = 'stopped';
      await Promise.all(loops.map((loop) => loop.stop()));
    },
    running: () => state === 'running',
    status: () => loops.map((loop, i) => statusOf(controllers[i]!, loop)),
  };

  /** It may have been stopped while the informers were synced. */
  function mayStart(): boolean {
    return state === 'starting';
  }
}

function statusOf({ name, workers }: Controller, loop: ControllerLoop): ControllerStatus {
  const { queue, troubles } = loop;
  return {
    name,
    workers,
    waiting: queue.depth(),
    delayed: queue.delayed(),
    active: loop.active,
    troubles: troubles.list(),
    moreTroubles: troubles.more(),
  };
}
