/** Clients of everybody who acts inside a member, each under its own user. */
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import type { ApiHandler, UserInfo } from '#kube/request/request.ts';
import type { Clock } from '#world/clock/clock.ts';
import { controllerManager, kubelet, scheduler } from './users.ts';

export interface Actors {
  /** Also reads for all: the others' caches are its. */
  readonly manager: ApiClient;
  readonly scheduler: ApiClient;
  readonly kubelet: (node: string) => ApiClient;
  readonly close: () => void;
}

export interface ActorOptions {
  readonly name: string;
  readonly handler: ApiHandler;
  readonly clock: Clock;
}

export function actors(options: ActorOptions): Actors {
  const clientFor = (user: UserInfo, userAgent: string) => inProcessClient({ ...options, user, userAgent });
  const manager = clientFor(controllerManager, 'kube-controller-manager');
  const scheduling = clientFor(scheduler, 'kube-scheduler');
  /** One for each node there has been. */
  const kubelets = new Map<string, ApiClient>();
  return {
    manager,
    scheduler: scheduling,
    kubelet: (node) => {
      let client = kubelets.get(node);
      if (!client) {
        client = clientFor(kubelet(node), 'kubelet');
        kubelets.set(node, client);
      }
      return client;
    },
    close: () => {
      for (const client of [manager, scheduling, ...kubelets.values()]) client.close();
    },
  };
}
