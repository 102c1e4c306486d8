/** The wiring of a cluster's standing: itself, its execution namespace, the bindings that have to leave it. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { type Namespace, Namespaces } from '#apis/kubernetes/types.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { type Binding, bindingKinds, byTargetCluster, targetClusterIndex } from '#apis/work/binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import { reconcileCluster } from './reconcile.ts';

export interface LifecycleOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
}

const workers = 5;

export function lifecycleController({ client, informers, events }: LifecycleOptions): Controller {
  const clusters = cachedResource<Cluster>(client, informers, ClusterKind);
  const namespaces = cachedResource<Namespace>(client, informers, Namespaces);
  const bindings = bindingKinds.map((kind) => informers.informer<Binding>(kind as TypedResource<Binding>));
  const works = cachedResource<Work>(client, informers, WorkKind);
  const context = { clusters, namespaces, works, bindings, events };
  return {
    name: 'cluster',
    workers,
    setUp: (enqueue) => {
      clusters.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(change.object.metadata.name!);
      });
      namespaces.informer.onChange((change) => {
        const cluster = clusterOfExecutionNamespace(change.object.metadata.name!);
        if (cluster && change.type === 'deleted') enqueue(cluster);
      });
      works.informer.onChange((change) => {
        const cluster = clusterOfExecutionNamespace(change.object.metadata.namespace!);
        if (change.type === 'deleted' && cluster && clusters.get(cluster)?.metadata.deletionTimestamp) enqueue(cluster);
      });
      for (const informer of bindings) {
        informer.addIndex(byTargetCluster, targetClusterIndex);
        informer.onChange((change) => {
          // Only a cluster that is being deleted waits for its bindings.
          const before = change.type === 'updated' ? change.old : change.type === 'deleted' ? change.object : undefined;
          for (const name of before ? targetClusterIndex(before) : [])
            if (clusters.get(name)?.metadata.deletionTimestamp) enqueue(name);
        });
      }
    },
    reconcile: (key) => reconcileCluster(context, key),
  };
}
