/** PodDisruptionBudgets: how many of their Pods may be evicted, kept up as Pods and their controllers change. */

import {
  Deployments,
  type Pod,
  type PodDisruptionBudget,
  PodDisruptionBudgets,
  Pods,
  ReplicaSets,
  StatefulSets,
} from '#apis/kubernetes/types.ts';
import type { TypedResource } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { gathering } from '#runtime/gather.ts';
import { type Controller, done, type Result } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { WorkloadOptions } from '../options.ts';
import { isFinished } from '../pod-state.ts';
import { managedResource } from '../resources.ts';
import { selectorOf } from '../selectors.ts';
import { ownerIn, priorityOf } from '../wake.ts';
import { budgetStatus } from './plan.ts';

const workers = 4;

interface Scaled extends KubeObject {
  readonly spec: { readonly replicas?: number };
}

interface BudgetContext {
  readonly budgets: CachedResource<PodDisruptionBudget>;
  readonly pods: Informer<Pod>;
  /** What may control Pods, directly or through one of the others. */
  readonly scaled: readonly Informer<Scaled>[];
  readonly clock: Clock;
}

export function disruptionController(options: WorkloadOptions): Controller {
  const { informers, clock } = options;
  const budgets = managedResource(options, PodDisruptionBudgets);
  const pods = informers.informer(Pods);
  const scaled = ([ReplicaSets, Deployments, StatefulSets] as readonly TypedResource<Scaled>[]).map((ref) =>
    informers.informer(ref),
  );
  const context: BudgetContext = { budgets, pods, scaled, clock };
  return {
    name: 'disruption',
    workers,
    setUp: (enqueue) => {
      const later = gathering(clock, enqueue);
      const wakeFor = (object: KubeObject, labels = object.metadata.labels) => {
        for (const budget of budgets.informer.list(object.metadata.namespace)) {
          if (selectorOf(budget.spec.selector).matches(labels)) later(keyOf(budget));
        }
      };
      budgets.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(keyOf(change.object), priorityOf(change));
      });
      pods.onChange((change) => {
        wakeFor(change.object);
        if (change.type === 'updated' && !deepEqual(change.old.metadata.labels, change.object.metadata.labels))
          wakeFor(change.old);
      });
      for (const informer of scaled) {
        informer.onChange((change) => {
          if (change.type !== 'updated' || change.old.spec.replicas === change.object.spec.replicas) return;
          for (const budget of budgets.informer.list(change.object.metadata.namespace)) later(keyOf(budget));
        });
      }
    },
    reconcile: (key) => reconcileBudget(context, key),
  };
}

async function reconcileBudget(context: BudgetContext, key: string): Promise<Result> {
  const { budgets, pods, clock } = context;
  const budget = budgets.get(key);
  if (!budget || budget.metadata.deletionTimestamp) return done;
  const matcher = selectorOf(budget.spec.selector);
  const own = pods
    .list(budget.metadata.namespace)
    .filter((pod) => !isFinished(pod) && matcher.matches(pod.metadata.labels));
  const status = budgetStatus({ budget, pods: own, wanted: wantedFor(context, own), now: clock.now() });
  if (!deepEqual(status, budget.status)) await budgets.updateStatus({ ...budget, status });
  return done;
}

/** Undefined where a Pod's number of siblings cannot be known. */
function wantedFor({ scaled }: BudgetContext, pods: readonly Pod[]): number | undefined {
  const counted = new Map<string, number>();
  for (const pod of pods) {
    const top = topController(scaled, pod);
    if (!top) return undefined;
    counted.set(top.metadata.uid!, top.spec.replicas ?? 1);
  }
  return [...counted.values()].reduce((sum, each) => sum + each, 0);
}

function topController(scaled: readonly Informer<Scaled>[], object: KubeObject): Scaled | undefined {
  const reference = controllerOf(object);
  for (const informer of reference ? scaled : []) {
    const found = ownerIn(informer, object.metadata.namespace, reference);
    if (found) return topController(scaled, found) ?? found;
  }
  return undefined;
}
