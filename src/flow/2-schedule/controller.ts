/** Step 2, put together: what it reads and remembers, its queue, and who wakes it. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { type FederatedResourceQuota, FederatedResourceQuotaKind } from '#apis/policy/federated-resource-quota.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import { assumptions as assumptionsOn } from './assumptions.ts';
import { bindingsOf } from './bindings.ts';
import { decisionInputs, type EstimatorDoor } from './decide.ts';
import { schedulerMeter } from './meter.ts';
import { peersIn } from './peers.ts';
import { leftAlone } from './plan/left-alone.ts';
import type { SchedulingSettings } from './plan/settings.ts';
import { explain } from './plan.ts';
import { SchedulingQueue } from './queue.ts';
import { wakeByQuotas } from './quotas.ts';
import { reconcileBinding } from './reconcile.ts';
import type { Explain } from './serve.ts';
import { wakeBy } from './wakers.ts';
import { placingNow } from './write.ts';

export interface SchedulerOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly schedulerName: string;
  readonly settings: SchedulingSettings;
  readonly estimator?: EstimatorDoor;
  /** Gate PriorityBasedScheduling: what matters more goes first. */
  readonly byPriority: boolean;
  /** Gate SchedulingOvercommitProtection: what was placed and does not run yet takes room. */
  readonly overcommitProtection: boolean;
  /** Gate FederatedQuotaEnforcement: what a quota was against is tried again when it allows more. */
  readonly followsQuotas: boolean;
}

/** Decisions are quick and writes wait for the API server: as many at a time as keep it busy. */
const workers = 8;
/** Whoever asks estimators may wait for the slowest of them: others must not. */
const estimatingWorkers = 64;
export interface Scheduler {
  /** One for both kinds of binding: they wait in one queue. */
  readonly controller: Controller;
  /** Out of the same caches, and the same memory of what was assumed. */
  readonly explain: Explain;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { client, informers, clock, estimator } = options;
  const bindings = bindingsOf(client, informers);
  const clusters = informers.informer<Cluster>(ClusterKind);
  const placing = placingNow();
  const peers = options.settings.gates.WorkloadAffinity ? peersIn(bindings.namespaced, placing.clusters) : undefined;
  const assumptions = options.overcommitProtection ? assumptionsOn(clock) : undefined;
  const meter = schedulerMeter(options.metrics, clock);
  const inputs = decisionInputs({ ...options, clusters, assumptions, peers });
  const context = { ...options, bindings, placing, inputs, assumptions, meter };
  const controller: Controller = {
    name: 'scheduler',
    workers: estimator ? estimatingWorkers : workers,
    ...(options.byPriority
      ? {
          queue: (queueOptions) => {
            const priorityOf = (key: string) => bindings.get(key)?.spec.schedulePriority?.priority ?? 0;
            const queue = new SchedulingQueue({ ...queueOptions, priorityOf });
            meter.watchQueue(queue);
            return queue;
          },
        }
      : {}),
    setUp: (enqueue) => {
      wakeBy({ ...options, bindings, clusters, placing, peers, assumptions, meter }, enqueue);
      if (!options.followsQuotas) return;
      const quotas = informers.informer<FederatedResourceQuota>(FederatedResourceQuotaKind);
      wakeByQuotas(quotas, bindings.namespaced, enqueue);
    },
    reconcile: (key) => reconcileBinding(context, key),
  };
  return {
    controller,
    explain: async (key) => {
      const binding = bindings.get(key);
      if (!binding) return undefined;
      const why = leftAlone(binding, options.schedulerName);
      return why ?? explain(inputs.of(binding, await inputs.estimates(binding)));
    },
  };
}
