/** What an API server knows of its own health, under the names that probes of kube-apiserver ask for. */
import type { Storage } from '../registry/storage.ts';
import type { HealthCheck } from './health.ts';

/** How far a server has come; what its start has to finish is finished with 'serving'. */
export type Phase = 'starting' | 'serving' | 'stopping';

export interface Watched {
  readonly storage: Pick<Storage, 'revision' | 'durable'>;
  readonly phase: () => Phase;
}

/** Parts of the start that kube-apiserver has as hooks: all done before the first request is answered. */
const startHooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
];
const lastHooks = ['apiservice-openapi-controller', 'apiservice-openapiv3-controller'];

export function standardChecks({ storage, phase }: Watched): readonly HealthCheck[] {
  /** The store takes etcd's place: it is well while what is written comes to the disk. */
  const isDurable = () => storage.durable(storage.revision());
  const isStarted = (): void => {
    if (phase() === 'starting') throw new Error('not finished');
  };
  const hook = (name: string): HealthCheck => ({ name: `poststarthook/${name}`, check: isStarted, live: true });
  return [
    { name: 'log', check: () => {}, live: true },
    { name: 'etcd', check: isDurable, live: true },
    { name: 'etcd-readiness', check: isDurable, live: false },
    { name: 'informer-sync', check: isStarted, live: false },
    ...startHooks.map(hook),
    { name: 'autoregister-completion', check: isStarted, live: true },
    ...lastHooks.map(hook),
    {
      name: 'shutdown',
      live: false,
      check: () => {
        if (phase() === 'stopping') throw new Error('process is shutting down');
      },
    },
  ];
}
