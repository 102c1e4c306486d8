/** What a HorizontalPodAutoscaler does now: the number of replicas, its conditions, what it tells. Pure. */
import type { HorizontalPodAutoscalerCondition, HorizontalPodAutoscalerStatus } from '#apis/kubernetes/types.ts';
import { limited, type Memory, remembering } from './plan/limits.ts';
import { judgeMetrics, type MetricFailure, type MetricsInput } from './plan/metrics.ts';

export interface AutoscalerInput extends MetricsInput {
  readonly memory: Memory;
}

type Said = Pick<HorizontalPodAutoscalerCondition, 'type' | 'status' | 'reason' | 'message'>;

export interface AutoscalerPlan {
  readonly replicas: number;
  /** Why the number changes, as the event says; undefined when it stays. */
  readonly because: string | undefined;
  readonly conditions: readonly Said[];
  readonly metrics: HorizontalPodAutoscalerStatus['currentMetrics'];
  readonly failures: readonly MetricFailure[];
  /** All that is missing in one text; only where that keeps anything from being decided. */
  readonly undecided: string | undefined;
  readonly memory: Memory;
}

export const said = (type: string, status: boolean, reason: string, message: string): Said => ({
  type,
  status: status ? 'True' : 'False',
  reason,
  message,
});

const gotScale = said(
  'AbleToScale',
  true,
  'SucceededGetScale',
  "the HPA controller was able to get the target's current scale",
);
const withinRange = said(
  'ScalingLimited',
  false,
  'DesiredWithinRange',
  'the desired count is within the acceptable range',
);

export function planAutoscaler(input: AutoscalerInput): AutoscalerPlan {
  const { hpa, current, memory, now } = input;
  const min = hpa.spec.minReplicas ?? 1;
  const max = hpa.spec.maxReplicas;
  // Where a controller begins, the number there is was the last one recommended.
  const known = memory.recommendations.length > 0 ? memory : remembering(memory, { hpa, recommended: current, now });
  const plain = { metrics: undefined, failures: [], undecided: undefined, memory: known };
  if (current === 0 && min !== 0) {
    const off = 'scaling is disabled since the replica count of the target is zero';
    const conditions = [gotScale, said('ScalingActive', false, 'ScalingDisabled', off)];
    return { ...plain, replicas: 0, because: undefined, conditions };
  }
  if (current > max) {
    return {
      ...plain,
      replicas: max,
      because: 'Current number of replicas above Spec.MaxReplicas',
      conditions: [gotScale],
    };
  }
  if (current < min) {
    return {
      ...plain,
      replicas: min,
      because: 'Current number of replicas below Spec.MinReplicas',
      conditions: [gotScale],
    };
  }
  return byMetrics({ ...input, memory: known });
}

function byMetrics(input: AutoscalerInput): AutoscalerPlan {
  const { hpa, current, memory, now } = input;
  const { chosen, statuses, failures } = judgeMetrics(input);
  const first = failures[0];
  if (!chosen) {
    const count = `${failures.length} invalid out of ${hpa.spec.metrics?.length ?? 0}`;
    const active = said(
      'ScalingActive',
      false,
      first?.reason ?? 'FailedComputeMetricsReplicas',
      `the HPA was unable to compute the replica count: ${first?.message ?? 'no metrics'}`,
    );
    return {
      replicas: current,
      because: undefined,
      conditions: [gotScale, active],
      metrics: statuses,
      failures,
      undecided: `invalid metrics (${count}), first error is: ${first?.summary ?? 'no metrics'}`,
      memory,
    };
  }
  const { replicas, limit, steadied } = limited({ hpa, current, asked: chosen.replicas, memory, now });
  const found = `the HPA was able to successfully calculate a replica count from ${chosen.name}`;
  return {
    replicas,
    because: reasonFor(replicas, current, chosen),
    conditions: [
      steadied
        ? said('AbleToScale', true, steadied.reason, steadied.message)
        : said('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size'),
      said('ScalingActive', true, 'ValidMetricFound', found),
      limit ? said('ScalingLimited', true, limit.reason, limit.message) : withinRange,
    ],
    metrics: statuses,
    failures,
    undecided: undefined,
    memory: remembering(memory, { hpa, recommended: chosen.replicas, now }),
  };
}

function reasonFor(replicas: number, current: number, { name, replicas: asked }: { name: string; replicas: number }) {
  if (replicas === current) return undefined;
  if (asked > current) return `${name} above target`;
  return asked < current ? 'All metrics below target' : '';
}
