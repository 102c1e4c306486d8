/** A component running over one API server: informers, controllers, events, in their order of start and end. */
import type { ApiClient } from '#client/api-client.ts';
import { informerFactory } from '#client/informer/factory.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { type RestMapper, restMapper } from '#client/mapper/mapper.ts';
import { type EventBroadcaster, eventBroadcaster } from '#runtime/events.ts';
import { type ControllerStatus, controllerManager } from '#runtime/manager.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';

export interface ComponentOptions {
  /** `karmada-controller-manager`. */
  readonly name: string;
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly leadership?: { readonly mayAct: () => boolean };
  /** It reads nothing before this has come; at once when absent. */
  readonly after?: Promise<void> | undefined;
}

/** What a component's controllers are built over. */
export interface ComponentParts extends ComponentOptions {
  readonly informers: InformerFactory;
  readonly mapper: RestMapper;
  readonly events: EventBroadcaster;
}

export interface Component {
  readonly name: string;
  /** Resolves when all workers run. */
  readonly started: Promise<void>;
  readonly running: () => boolean;
  readonly status: () => readonly ControllerStatus[];
  readonly stop: () => Promise<void>;
}

export interface BuiltControllers {
  readonly controllers: readonly Controller[];
  /** Ended after the controllers and before the informers. */
  readonly end?: () => void;
}

export function startComponent(
  options: ComponentOptions,
  build: (parts: ComponentParts) => BuiltControllers,
): Component {
  const { client, clock, random, metrics, log, leadership, after } = options;
  const informers = informerFactory(client, { clock, random, after });
  const events = eventBroadcaster({ client, clock, metrics });
  const parts: ComponentParts = { ...options, informers, mapper: restMapper(client, { clock }), events };
  const { controllers, end } = build(parts);
  const manager = controllerManager({
    controllers,
    informers: [informers],
    clock,
    metrics,
    log,
    ...(leadership ? { leadership } : {}),
  });
  return {
    name: options.name,
    started: manager.start(),
    running: manager.running,
    status: manager.status,
    stop: async () => {
      await manager.stop();
      end?.();
      await events.stop();
      informers.stop();
    },
  };
}
