/** A cluster's standing in the control plane: its execution namespace, its taints, its end. */
import type { Cluster, Taint } from '#apis/cluster/cluster.ts';
import { taintsMessage } from '#apis/cluster/taints-message.ts';
import { reasons } from '#apis/events/reasons.ts';
import type { Namespace } from '#apis/kubernetes/types.ts';
import { cluster as clusterFinalizer } from '#apis/names/finalizers.ts';
import { system, systemValue } from '#apis/names/labels.ts';
import { executionNamespace } from '#apis/names/objects.ts';
import { type Binding, byTargetCluster } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import { taintsFor } from './plan.ts';

export interface LifecycleContext {
  readonly clusters: CachedResource<Cluster>;
  readonly namespaces: CachedResource<Namespace>;
  readonly works: CachedResource<Work>;
  readonly bindings: readonly Informer<Binding>[];
  readonly events: EventRecorder;
}

export async function reconcileCluster(context: LifecycleContext, key: string): Promise<Result> {
  const cluster = context.clusters.get(key);
  if (!cluster) return done;
  if (cluster.metadata.deletionTimestamp) return endCluster(context, cluster);
  const held = await ensureFinalizer(context, cluster);
  await ensureNamespace(context, held);
  await ensureTaints(context, held);
  return done;
}

async function ensureFinalizer({ clusters }: LifecycleContext, cluster: Cluster): Promise<Cluster> {
  const { finalizers = [] } = cluster.metadata;
  if (finalizers.includes(clusterFinalizer)) return cluster;
  return clusters.update({
    ...cluster,
    metadata: { ...cluster.metadata, finalizers: [...finalizers, clusterFinalizer] },
  });
}

async function ensureNamespace({ namespaces, events }: LifecycleContext, cluster: Cluster): Promise<void> {
  const clusterName = cluster.metadata.name!;
  const name = executionNamespace(clusterName);
  if (namespaces.get(name)) return;
  try {
    await namespaces.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { [system]: systemValue } },
      spec: {},
    });
  } catch (error) {
    if (isReason(error, 'AlreadyExists')) return;
    events.event(cluster, 'Warning', reasons.createExecutionSpaceFailed, String(error));
    throw error;
  }
  events.event(
    cluster,
    'Normal',
    reasons.createExecutionSpaceSucceed,
    `Created execution space(${name}) for cluster(${clusterName}).`,
  );
}

async function ensureTaints({ clusters, events }: LifecycleContext, cluster: Cluster): Promise<void> {
  const taints = taintsFor(cluster);
  if (taints === cluster.spec.taints) return;
  const { taints: _, ...spec } = cluster.spec;
  const wanted = taints as Cluster['spec']['taints'] & readonly Taint[];
  await clusters.update({ ...cluster, spec: taints ? { ...spec, taints: wanted } : spec });
  events.event(cluster, 'Normal', reasons.taintClusterSucceed, `Taint cluster succeed: ${taintsMessage(taints)}`);
}

/**
 * Bindings leave it first, and take their Works with them; then what is left of its Works ends, then their namespace:
 * the originals kept in there are needed until the last object is let go.
 */
async function endCluster(context: LifecycleContext, cluster: Cluster): Promise<Result> {
  const { clusters, namespaces, works, bindings } = context;
  const { name, finalizers = [] } = cluster.metadata;
  if (!finalizers.includes(clusterFinalizer)) return done;
  if (bindings.some((informer) => informer.byIndex(byTargetCluster, name!).length > 0)) return done;
  const held = works.informer.list(executionNamespace(name!));
  for (const work of held) if (!work.metadata.deletionTimestamp) await works.delete(work);
  if (held.length > 0) return done;
  const namespace = namespaces.get(executionNamespace(name!));
  if (namespace) {
    if (!namespace.metadata.deletionTimestamp) await namespaces.delete(namespace);
    return done;
  }
  const left = finalizers.filter((finalizer) => finalizer !== clusterFinalizer);
  await clusters.update({ ...cluster, metadata: { ...cluster.metadata, finalizers: left } });
  return done;
}
