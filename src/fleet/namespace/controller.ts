/** Namespaces of the control plane exist in every cluster, so that what is propagated finds its place. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { type Namespace, Namespaces } from '#apis/kubernetes/types.ts';
import { executionNamespace } from '#apis/names/objects.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import { type Controller, done, type Result } from '#runtime/reconciler.ts';
import { carries, isSynced, namespaceWork, wantsNamespaces } from './plan.ts';

export interface NamespaceSyncOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  /** `--skipped-propagating-namespaces`. */
  readonly skipped: readonly RegExp[];
}

interface Context {
  readonly namespaces: Informer<Namespace>;
  readonly clusters: Informer<Cluster>;
  readonly works: CachedResource<Work>;
  readonly skipped: readonly RegExp[];
}

export function namespaceSyncController({ client, informers, skipped }: NamespaceSyncOptions): Controller {
  const namespaces = informers.informer<Namespace>(Namespaces);
  const clusters = informers.informer<Cluster>(ClusterKind);
  const works = cachedResource<Work>(client, informers, WorkKind);
  const context = { namespaces, clusters, works, skipped };
  return {
    name: 'namespace',
    workers: 4,
    setUp: (enqueue) => {
      namespaces.onChange((change) => {
        if (change.type !== 'deleted') enqueue(change.object.metadata.name!, change.initial ? 'low' : 'high');
      });
      const all = () => {
        for (const namespace of namespaces.list()) enqueue(namespace.metadata.name!, 'low');
      };
      clusters.onChange((change) => {
        if (change.type === 'added' && !change.initial) all();
      });
      // A namespace that a cluster's Works wait for may have been refused while its execution namespace was not there.
      namespaces.onChange((change) => {
        if (
          change.type === 'added' &&
          !change.initial &&
          change.object.metadata.name!.startsWith(executionNamespace(''))
        )
          all();
      });
    },
    reconcile: (key) => reconcileNamespace(context, key),
  };
}

async function reconcileNamespace({ namespaces, clusters, works, skipped }: Context, key: string): Promise<Result> {
  const namespace = namespaces.get(key);
  if (!namespace || namespace.metadata.deletionTimestamp || !isSynced(namespace, skipped)) return done;
  for (const cluster of clusters.list()) {
    const name = cluster.metadata.name!;
    if (!wantsNamespaces(cluster) || !namespaces.get(executionNamespace(name))) continue;
    const wanted = namespaceWork(namespace, name);
    const existing = works.get(keyOf(wanted));
    if (existing?.metadata.deletionTimestamp) continue;
    if (!existing) await create(works, wanted);
    else if (!carries(existing, namespace))
      await works.update({ ...existing, spec: { ...existing.spec, ...wanted.spec } });
  }
  return done;
}

async function create(works: CachedResource<Work>, work: Work): Promise<void> {
  try {
    await works.create(work);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}
