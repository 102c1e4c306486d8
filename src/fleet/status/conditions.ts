/** The conditions of a cluster (compatibility.md section 1.5) and when they may turn. */
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';

/** What one look at a cluster's API server found. */
export type Health = 'healthy' | 'unhealthy' | 'unreachable';

const readyTexts: Readonly<Record<Health, readonly [Condition['status'], string, string]>> = {
  healthy: ['True', 'ClusterReady', 'cluster is healthy and ready to accept workloads'],
  unhealthy: ['False', 'ClusterNotReady', 'cluster is reachable but health endpoint responded without ok'],
  unreachable: ['False', 'ClusterNotReachable', 'cluster is not reachable'],
};

function readyCondition(health: Health): Condition {
  const [status, reason, message] = readyTexts[health];
  return { type: 'Ready', status, reason, message };
}

export const enablementsCondition = (found: 'complete' | 'partial' | 'empty'): Condition =>
  ({
    complete: {
      type: 'CompleteAPIEnablements',
      status: 'True',
      reason: 'Complete',
      message: 'collected complete APIEnablements from the cluster',
    },
    partial: {
      type: 'CompleteAPIEnablements',
      status: 'False',
      reason: 'Partial',
      message: 'might collect partial APIEnablements from the cluster',
    },
    empty: {
      type: 'CompleteAPIEnablements',
      status: 'False',
      reason: 'Empty',
      message: 'collected empty APIEnablements from the cluster',
    },
  })[found] as Condition;

/** How long an observation has lasted, per cluster: a flicker does not turn a cluster. */
export interface Steadiness {
  readonly health: Health;
  readonly sinceMs: number;
}

export interface Thresholds {
  readonly successMs: number;
  readonly failureMs: number;
}

/**
 * The Ready condition to write. The first observation counts at once, and so does any after Unknown; a turn between
 * True and False only once it has lasted its threshold.
 */
export function settledReady(
  conditions: readonly Condition[] | undefined,
  seen: Steadiness,
  nowMs: number,
  thresholds: Thresholds,
): Condition {
  const wanted = readyCondition(seen.health);
  const old = findCondition(conditions, 'Ready');
  if (!old || old.status === 'Unknown' || old.status === wanted.status) return wanted;
  const threshold = wanted.status === 'True' ? thresholds.successMs : thresholds.failureMs;
  return nowMs - seen.sinceMs >= threshold ? wanted : old;
}
