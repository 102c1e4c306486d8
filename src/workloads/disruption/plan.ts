/** What a PodDisruptionBudget allows now. Pure; the rules of policy/v1. */
import type { Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from '#apis/kubernetes/types.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import { parseTime } from '#kube/meta/time.ts';
import { timestamp } from '#world/clock/clock.ts';
import { scaledValue } from '../percent.ts';
import { isReady, isTerminating } from '../pod-state.ts';

export interface BudgetView {
  readonly budget: PodDisruptionBudget;
  /** Those it selects that have not ended. */
  readonly pods: readonly Pod[];
  /** What the Pods' controllers want in all, each counted once; undefined where a Pod has none. */
  readonly wanted: number | undefined;
  readonly now: number;
}

/** An eviction that nobody has followed up for so long is forgotten. */
const evictionMs = 2 * 60_000;

export function budgetStatus({ budget, pods, wanted, now }: BudgetView): PodDisruptionBudgetStatus {
  const { minAvailable, maxUnavailable } = budget.spec;
  const needsScale = typeof minAvailable === 'string' || maxUnavailable !== undefined;
  const expected = needsScale ? (wanted ?? pods.length) : pods.length;
  const desired =
    maxUnavailable !== undefined
      ? Math.max(0, expected - scaledValue(maxUnavailable, expected, 'up'))
      : scaledValue(minAvailable, expected, 'up');
  const disrupted = stillDisrupted(budget, pods, now);
  const healthy = pods.filter(
    (pod) => isReady(pod) && !isTerminating(pod) && disrupted[pod.metadata.name ?? ''] === undefined,
  ).length;
  const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
  const condition = {
    type: 'DisruptionAllowed',
    status: allowed > 0 ? ('True' as const) : ('False' as const),
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration: budget.metadata.generation ?? 0,
  };
  return {
    conditions: setCondition(budget.status?.conditions, condition, timestamp(now)),
    currentHealthy: healthy,
    desiredHealthy: desired,
    ...(Object.keys(disrupted).length > 0 ? { disruptedPods: disrupted } : {}),
    disruptionsAllowed: allowed,
    expectedPods: expected,
    observedGeneration: budget.metadata.generation ?? 0,
  };
}

/** Evictions the API server has let pass whose Pods are not being deleted yet. */
function stillDisrupted(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
): Readonly<Record<string, string>> {
  const waiting = new Set(pods.filter((pod) => !isTerminating(pod)).map(({ metadata }) => metadata.name!));
  const entries = Object.entries(status?.disruptedPods ?? {});
  return Object.fromEntries(entries.filter(([name, time]) => waiting.has(name) && parseTime(time) + evictionMs > now));
}
