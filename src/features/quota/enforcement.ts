/**
 * Counts what a namespace uses of its FederatedResourceQuotas: when one is made or its limits change, when a binding is
 * gone, and now and then, as admission charges writes that may fail afterwards. Bindings that come or grow are charged
 * by admission.
 */
import { reasons } from '#apis/events/reasons.ts';
import { type FederatedResourceQuota, FederatedResourceQuotaKind } from '#apis/policy/federated-resource-quota.ts';
import { type ResourceBinding, ResourceBindingKind } from '#apis/work/resource-binding.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type CachedResource, cachedResource, nameOf } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { withOverall } from './plan.ts';

export interface QuotaEnforcementOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** `--federated-resource-quota-sync-period`; 0 for never. */
  readonly resyncMs: number;
}

const workers = 2;

/**
 * A binding that admission has let through may be on its way to us while we count, and the charge for it gone from the
 * status we write: so what was written is looked at once more.
 */
const settleMs = 2_000;
/** Bindings end in numbers, as with their namespace: one count does for all that end within this time. */
const calmMs = 500;

interface Context extends QuotaEnforcementOptions {
  readonly quotas: CachedResource<FederatedResourceQuota>;
  readonly bindings: CachedResource<ResourceBinding>;
}

export function quotaEnforcementController(options: QuotaEnforcementOptions): Controller {
  const { client, informers, clock } = options;
  const quotas = cachedResource<FederatedResourceQuota>(client, informers, FederatedResourceQuotaKind);
  const bindings = cachedResource<ResourceBinding>(client, informers, ResourceBindingKind);
  /** When each quota was counted last; no more than there are quotas. */
  const counted = new Map<string, number>();
  return {
    name: 'federatedResourceQuotaEnforcement',
    workers,
    setUp: (enqueue) => {
      quotas.informer.onChange((change) => {
        if (change.type === 'deleted') {
          counted.delete(keyOf(change.object));
          return;
        }
        if (change.type === 'updated' && deepEqual(change.old.spec.overall, change.object.spec.overall)) return;
        enqueue(keyOf(change.object));
      });
      bindings.informer.onChange((change) => {
        if (change.type !== 'deleted') return;
        for (const quota of quotas.informer.list(change.object.metadata.namespace)) enqueue(keyOf(quota));
      });
    },
    reconcile: async (key) => {
      const left = (counted.get(key) ?? Number.NEGATIVE_INFINITY) + calmMs - clock.monotonic();
      if (left > 0) return requeueAfter(left, 'it has just been counted');
      if (quotas.get(key)) counted.set(key, clock.monotonic());
      return count({ ...options, quotas, bindings }, key);
    },
  };
}

/** The quota is read live: admission charges it meanwhile, and its word must not be lost. */
async function count({ quotas, bindings, events, resyncMs }: Context, key: string): Promise<Result> {
  const cached = quotas.get(key);
  if (!cached || cached.metadata.deletionTimestamp) return done;
  try {
    const live = await quotas.live.get(nameOf(cached));
    const wanted = withOverall(live, bindings.informer.list(live.metadata.namespace));
    if (wanted !== live) {
      await quotas.updateStatus(wanted);
      events.event(
        live,
        'Normal',
        reasons.collectQuotaSucceed,
        `Collect status of FederatedResourceQuota(${key}) succeed.`,
      );
      return requeueAfter(settleMs, 'a binding may have been on its way');
    }
  } catch (error) {
    if (isReason(error, 'NotFound')) return done;
    if (!isReason(error, 'Conflict'))
      events.event(
        cached,
        'Warning',
        reasons.collectQuotaFailed,
        error instanceof Error ? error.message : String(error),
      );
    throw error;
  }
  return resyncMs > 0 ? requeueAfter(resyncMs, 'what was charged is counted again') : done;
}
