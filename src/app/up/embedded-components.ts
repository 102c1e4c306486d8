/** The components as they run inside this process, each with the settings its flags mean. */
import type { ApiClient } from '#client/api-client.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { KeyPair } from '#world/certificates/authority.ts';
import type { World } from '#world/world.ts';
import { type Component, type ComponentOptions, startComponent } from '../components/component.ts';
import { type ControllerManagerDoors, controllerManagerControllers } from '../components/controller-manager.ts';
import { type SchedulerDoors, schedulerComponentControllers } from '../components/scheduler.ts';
import type { ControllerManagerSettings, SchedulerSettings } from '../components/settings.ts';
import { gcAndFriends } from './native.ts';

export interface EmbeddedOptions extends ControllerManagerDoors, SchedulerDoors {
  /** The control plane's API, by who asks. */
  readonly client: (userAgent: string) => ApiClient;
  readonly world: World;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Of the control plane. */
  readonly authority: KeyPair;
  /** What can wait until the fleet is looked after reads nothing before this has come. */
  readonly after: Promise<void>;
}

type Leadership = ComponentOptions['leadership'];

export interface EmbeddedComponents {
  /** The native controllers the control plane's API needs. */
  readonly 'kube-controller-manager': () => Component;
  readonly 'karmada-controller-manager': (settings: ControllerManagerSettings, leadership?: Leadership) => Component;
  readonly 'karmada-scheduler': (settings: SchedulerSettings, leadership?: Leadership) => Component;
}

export function embeddedComponents(options: EmbeddedOptions): EmbeddedComponents {
  const { client, world, metrics, log } = options;
  const start = (
    name: string,
    build: Parameters<typeof startComponent>[1],
    more: Pick<ComponentOptions, 'leadership' | 'after'>,
  ): Component =>
    startComponent(
      {
        name,
        client: client(name),
        ...world,
        metrics,
        log: log.with({ component: name }),
        ...more,
      },
      build,
    );
  const led = (leadership: Leadership) => (leadership ? { leadership } : {});
  return {
    'kube-controller-manager': () =>
      start('kube-controller-manager', gcAndFriends(options.authority), { after: options.after }),
    'karmada-controller-manager': (settings, leadership) =>
      start('karmada-controller-manager', controllerManagerControllers(settings, options), led(leadership)),
    'karmada-scheduler': (settings, leadership) =>
      start('karmada-scheduler', schedulerComponentControllers(settings, options), led(leadership)),
  };
}
