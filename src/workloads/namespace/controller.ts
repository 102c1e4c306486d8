/** Namespaces, the wiring: those that are being deleted, and each end of something in them. */
import { Namespaces } from '#apis/kubernetes/types.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import { gathering } from '#runtime/gather.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { managedResource } from '../resources.ts';
import type { ServedResources } from '../served-resources.ts';
import { priorityOf } from '../wake.ts';
import { type NamespaceContext, reconcileNamespace } from './reconcile.ts';

const workers = 4;

export function namespaceController(
  options: WorkloadOptions,
  resources: ServedResources,
  mapper: RestMapper,
): Controller {
  const { client, clock } = options;
  const namespaces = managedResource(options, Namespaces);
  const context: NamespaceContext = { client, clock, mapper, namespaces };
  const isTerminating = (name: string | undefined): name is string =>
    name !== undefined && namespaces.get(name)?.metadata.deletionTimestamp !== undefined;
  return {
    name: 'namespace',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      namespaces.informer.onChange((change) => {
        if (isTerminating(change.object.metadata.name)) enqueue(change.object.metadata.name, priorityOf(change));
      });
      resources.follow((_, { type, object }) => {
        if (type === 'deleted' && isTerminating(object.metadata.namespace)) later(object.metadata.namespace);
      });
    },
    reconcile: (name) => reconcileNamespace(context, name),
  };
}
