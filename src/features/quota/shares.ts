/** A FederatedResourceQuota's static assignments: a ResourceQuota in each cluster, and what those tell. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { reasons } from '#apis/events/reasons.ts';
import { quotaName, quotaNamespace } from '#apis/names/labels.ts';
import { type FederatedResourceQuota, FederatedResourceQuotaKind } from '#apis/policy/federated-resource-quota.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource, nameOf } from '#client/cached.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Enqueue, type Result } from '#runtime/reconciler.ts';
import { planShares, withShares } from './plan.ts';

export interface ShareOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: (component: 'quotaSync' | 'quotaStatus') => EventRecorder;
  /** Gate FederatedQuotaEnforcement: what all clusters use together is counted from bindings. */
  readonly enforced: boolean;
}

interface Context extends ShareOptions {
  readonly quotas: CachedResource<FederatedResourceQuota>;
  readonly works: CachedResource<Work>;
  readonly clusters: Informer<Cluster>;
}

/** Index of Works by the quota they are of. */
const byQuota = 'quota';
const quotaOf = ({ metadata: { labels } }: Work): string | undefined =>
  labels?.[quotaNamespace] && labels[quotaName] ? keyFor(labels[quotaNamespace], labels[quotaName]) : undefined;

const text = (error: unknown) => (error instanceof Error ? error.message : String(error));

export function quotaShareControllers(options: ShareOptions): readonly Controller[] {
  const { client, informers } = options;
  const context: Context = {
    ...options,
    quotas: cachedResource<FederatedResourceQuota>(client, informers, FederatedResourceQuotaKind),
    works: cachedResource<Work>(client, informers, WorkKind),
    clusters: informers.informer<Cluster>(ClusterKind),
  };
  context.works.informer.addIndex(byQuota, (work) => {
    const quota = quotaOf(work);
    return quota ? [quota] : [];
  });
  return [
    {
      name: 'federatedResourceQuotaSync',
      workers: 2,
      setUp: (enqueue) => wakeSync(context, enqueue),
      reconcile: (key) => share(context, key),
    },
    {
      name: 'federatedResourceQuotaStatus',
      workers: 2,
      setUp: (enqueue) => wakeStatus(context, enqueue),
      reconcile: (key) => collect(context, key),
    },
  ];
}

function wakeSync({ quotas, works, clusters }: Context, enqueue: Enqueue): void {
  quotas.informer.onChange((change) => {
    if (change.type === 'updated' && change.old.metadata.generation === change.object.metadata.generation) return;
    enqueue(keyOf(change.object));
  });
  // What somebody changed or deleted is put right, and what is left of a quota that went meanwhile is taken away.
  works.informer.onChange((change) => {
    const quota = quotaOf(change.object);
    if (!quota || (change.type === 'updated' && change.old.metadata.generation === change.object.metadata.generation))
      return;
    enqueue(quota);
  });
  clusters.onChange((change) => {
    if (change.type === 'updated' || (change.type === 'added' && change.initial)) return;
    for (const quota of quotas.informer.list()) enqueue(keyOf(quota));
  });
}

function wakeStatus({ quotas, works }: Context, enqueue: Enqueue): void {
  quotas.informer.onChange((change) => {
    if (change.type === 'deleted') return;
    if (change.type === 'updated' && deepEqual(change.old.spec.overall, change.object.spec.overall)) return;
    enqueue(keyOf(change.object));
  });
  works.informer.onChange((change) => {
    const quota = quotaOf(change.object);
    if (quota && !(change.type === 'updated' && deepEqual(change.old.status, change.object.status))) enqueue(quota);
  });
}

/** The quota by the API server's word: without it what it gave is taken away. */
async function liveQuota({ quotas }: Context, key: string): Promise<FederatedResourceQuota | undefined> {
  const cached = quotas.get(key);
  if (cached) return cached;
  try {
    const [namespace, name] = key.split('/') as [string, string];
    return await quotas.live.get({ namespace, name });
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function share(context: Context, key: string): Promise<Result> {
  const { works, clusters, events } = context;
  const quota = await liveQuota(context, key);
  const there = clusters.list().filter((cluster) => !cluster.metadata.deletionTimestamp);
  const names = new Set(there.map((cluster) => cluster.metadata.name!));
  const plan = planShares(quota, names, works.informer.byIndex(byQuota, key));
  try {
    for (const work of plan.remove) await works.delete(work);
    for (const work of plan.update) await works.update(work);
    for (const work of plan.create) await works.create(work);
  } catch (error) {
    // The namespace of a cluster that has just come is on its way.
    if (quota && !isReason(error, 'Conflict') && !isReason(error, 'NotFound'))
      events('quotaSync').event(quota, 'Warning', reasons.syncQuotaFailed, text(error));
    throw error;
  }
  if (quota && plan.create.length + plan.update.length + plan.remove.length > 0) {
    const message = `Sync works for FederatedResourceQuota(${key}) succeed.`;
    events('quotaSync').event(quota, 'Normal', reasons.syncQuotaSucceed, message);
  }
  return done;
}

async function collect({ quotas, works, events, enforced }: Context, key: string): Promise<Result> {
  const cached = quotas.get(key);
  if (!cached || cached.metadata.deletionTimestamp) return done;
  try {
    // Live: admission charges it meanwhile, and its word must not be lost.
    const live = await quotas.live.get(nameOf(cached));
    const wanted = withShares(live, works.informer.byIndex(byQuota, key), !enforced);
    if (wanted === live) return done;
    await quotas.updateStatus(wanted);
    const message = `Collect status of FederatedResourceQuota(${key}) succeed.`;
    events('quotaStatus').event(live, 'Normal', reasons.collectSharesSucceed, message);
  } catch (error) {
    if (isReason(error, 'NotFound')) return done;
    if (!isReason(error, 'Conflict'))
      events('quotaStatus').event(cached, 'Warning', reasons.collectSharesFailed, text(error));
    throw error;
  }
  return done;
}
