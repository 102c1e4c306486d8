/** Namespaces of the control plane exist in every cluster, so that what is propagated finds its place. */
import { sameTarget } from '#apis/cluster/affinity.ts';
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { reasons } from '#apis/events/reasons.ts';
import { type Namespace, Namespaces } from '#apis/kubernetes/types.ts';
import { executionNamespace } from '#apis/names/objects.ts';
import { type ClusterOverridePolicy, ClusterOverridePolicyKind } from '#apis/policy/cluster-override-policy.ts';
import { RuleFailed } from '#apis/policy/overrides/override.ts';
import { overrideRank, rulesFor, rulesIn } from '#apis/policy/overrides/select.ts';
import { overrideMessage, overridesFailed } from '#apis/policy/overrides/words.ts';
import { bindingIdOf } from '#apis/work/binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result } from '#runtime/reconciler.ts';
import { carries, isSynced, namespaceWork, selectableNamespace, updatedTo, wantsNamespaces } from './plan.ts';

export interface NamespaceSyncOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  /** `--skipped-propagating-namespaces`. */
  readonly skipped: readonly RegExp[];
  /** As the override manager. */
  readonly events: EventRecorder;
}

interface Context extends Pick<NamespaceSyncOptions, 'skipped' | 'events'> {
  readonly namespaces: Informer<Namespace>;
  readonly clusters: Informer<Cluster>;
  readonly policies: Informer<ClusterOverridePolicy>;
  readonly works: CachedResource<Work>;
}

export function namespaceSyncController({ client, informers, skipped, events }: NamespaceSyncOptions): Controller {
  const namespaces = informers.informer<Namespace>(Namespaces);
  const clusters = informers.informer<Cluster>(ClusterKind);
  const works = cachedResource<Work>(client, informers, WorkKind);
  const policies = informers.informer<ClusterOverridePolicy>(ClusterOverridePolicyKind);
  const context = { namespaces, clusters, policies, works, skipped, events };
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
        // Other rules may be for it now.
        if (change.type === 'updated' && policies.list().length > 0 && !sameTarget(change.old, change.object)) all();
      });
      policies.onChange((change) => {
        if (change.initial) return;
        if (change.old && change.old.metadata.generation === change.object.metadata.generation) return;
        const versions = change.old ? [change.old, change.object] : [change.object];
        for (const namespace of namespaces.list()) {
          const selected = versions.some((policy) => overrideRank(policy, selectableNamespace(namespace)) > 0);
          if (selected) enqueue(namespace.metadata.name!, 'low');
        }
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

async function reconcileNamespace(context: Context, key: string): Promise<Result> {
  const { namespaces, clusters, policies, works, skipped, events } = context;
  const namespace = namespaces.get(key);
  if (!namespace || namespace.metadata.deletionTimestamp || !isSynced(namespace, skipped)) return done;
  const rules = rulesFor(policies.list(), selectableNamespace(namespace));
  const failures = new Map<string, Error>();
  for (const cluster of clusters.list()) {
    const name = cluster.metadata.name!;
    if (!wantsNamespaces(cluster) || !namespaces.get(executionNamespace(name))) continue;
    try {
      const chosen = rulesIn(rules, cluster);
      const written = await write(works, namespaceWork(namespace, name, chosen));
      for (const policy of written ? new Set(chosen.map((rule) => rule.policy)) : []) {
        const message = overrideMessage(policy, name, 'succeed');
        events.event(namespace, 'Normal', reasons.applyOverridePolicySucceed, message);
      }
    } catch (error) {
      if (!(error instanceof RuleFailed)) throw error;
      failures.set(name, error);
      const message = overrideMessage(error.policy, name, 'failed');
      events.event(namespace, 'Warning', reasons.applyOverridePolicyFailed, message);
    }
  }
  if (failures.size > 0) throw overridesFailed(failures);
  return done;
}

/** False where the Work is right already, on its way out, or a policy's that claims the namespace. */
async function write(works: CachedResource<Work>, wanted: Work): Promise<boolean> {
  const existing = works.get(keyOf(wanted));
  if (existing && (existing.metadata.deletionTimestamp || bindingIdOf(existing) || carries(existing, wanted)))
    return false;
  if (existing) await works.update(updatedTo(existing, wanted));
  else await create(works, wanted);
  return true;
}

async function create(works: CachedResource<Work>, work: Work): Promise<void> {
  try {
    await works.create(work);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}
