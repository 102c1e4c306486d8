/**
 * From what metrics ask for to what is done now: within the bounds, not faster than the rules allow, and steady over
 * the stabilization windows (Kubernetes' podautoscaler/horizontal). Pure.
 */
import type { HorizontalPodAutoscaler, HPAScalingRules } from '#apis/kubernetes/types.ts';

/** A number that was recommended or a change that was made, and when (milliseconds since 1970). */
export interface Moment {
  readonly replicas: number;
  readonly at: number;
}

/** What is remembered of one autoscaler, newest last. */
export interface Memory {
  readonly recommendations: readonly Moment[];
  /** Replicas added, or taken away. */
  readonly added: readonly Moment[];
  readonly removed: readonly Moment[];
}

export interface Limited {
  readonly replicas: number;
  readonly limit: { readonly reason: string; readonly message: string } | undefined;
  /** Told as AbleToScale. */
  readonly steadied: { readonly reason: string; readonly message: string } | undefined;
}

/** kube-controller-manager's --horizontal-pod-autoscaler-downscale-stabilization. */
const downscaleStabilizationS = 300;

const limits = {
  tooFew: {
    reason: 'TooFewReplicas',
    message: 'the desired replica count is less than the minimum replica count',
  },
  tooMany: {
    reason: 'TooManyReplicas',
    message: 'the desired replica count is more than the maximum replica count',
  },
  upRate: {
    reason: 'ScaleUpLimit',
    message: 'the desired replica count is increasing faster than the maximum scale rate',
  },
  downRate: {
    reason: 'ScaleDownLimit',
    message: 'the desired replica count is decreasing faster than the maximum scale rate',
  },
} as const;

const higherBefore = 'recent recommendations were higher than current one, applying the highest recent recommendation';
const lowerBefore = 'recent recommendations were lower than current one, applying the lowest recent recommendation';

export interface LimitInput {
  readonly hpa: HorizontalPodAutoscaler;
  readonly current: number;
  readonly asked: number;
  readonly memory: Memory;
  readonly now: number;
}

export function limited(input: LimitInput): Limited {
  return input.hpa.spec.behavior ? byRules(input) : byHabit(input);
}

const boundsOf = ({ spec }: HorizontalPodAutoscaler) => ({ min: spec.minReplicas ?? 1, max: spec.maxReplicas });

const since = (moments: readonly Moment[], seconds: number, now: number): readonly number[] =>
  moments.filter(({ at }) => at > now - seconds * 1_000).map(({ replicas }) => replicas);

/** Without rules of its own: down to the highest of the last minutes, up to twice the number, at least 4. */
function byHabit({ hpa, current, asked, memory, now }: LimitInput): Limited {
  const steady = Math.max(asked, ...since(memory.recommendations, downscaleStabilizationS, now));
  const steadied = steady === asked ? undefined : { reason: 'ScaleDownStabilized', message: higherBefore };
  const { min, max } = boundsOf(hpa);
  const fastest = Math.max(2 * current, 4);
  if (steady < min) return { replicas: min, limit: limits.tooFew, steadied };
  if (steady > Math.min(max, fastest)) {
    return max > fastest
      ? { replicas: fastest, limit: limits.upRate, steadied }
      : { replicas: max, limit: limits.tooMany, steadied };
  }
  return { replicas: steady, limit: undefined, steadied };
}

function byRules(input: LimitInput): Limited {
  const { hpa, current, asked, memory, now } = input;
  const { scaleUp = {}, scaleDown = {} } = hpa.spec.behavior!;
  const lowest = Math.min(asked, ...since(memory.recommendations, scaleUp.stabilizationWindowSeconds ?? 0, now));
  const downWindow = scaleDown.stabilizationWindowSeconds ?? downscaleStabilizationS;
  const highest = Math.max(asked, ...since(memory.recommendations, downWindow, now));
  const steady = Math.min(Math.max(current, lowest), highest);
  const how =
    asked >= current
      ? { reason: 'ScaleUpStabilized', message: lowerBefore }
      : { reason: 'ScaleDownStabilized', message: higherBefore };
  const steadied = steady === asked ? undefined : how;
  const { min, max } = boundsOf(hpa);
  if (steady > current) {
    const fastest = Math.max(current, proposal(scaleUp, input, 1));
    if (steady > Math.min(max, fastest)) {
      return max > fastest
        ? { replicas: fastest, limit: limits.upRate, steadied }
        : { replicas: max, limit: limits.tooMany, steadied };
    }
  }
  if (steady < current) {
    const fastest = Math.min(current, proposal(scaleDown, input, -1));
    if (steady < Math.max(min, fastest)) {
      return min < fastest
        ? { replicas: fastest, limit: limits.downRate, steadied }
        : { replicas: min, limit: limits.tooFew, steadied };
    }
  }
  return { replicas: steady, limit: undefined, steadied };
}

/** How far the rules let the number go, upwards (1) or downwards (-1), counted from where each policy's period began. */
function proposal({ selectPolicy, policies = [] }: HPAScalingRules, input: LimitInput, direction: 1 | -1): number {
  const { current, memory, now } = input;
  if (selectPolicy === 'Disabled' || policies.length === 0) return current;
  const sum = (moments: readonly Moment[], seconds: number) =>
    since(moments, seconds, now).reduce((total, each) => total + each, 0);
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const start = current - sum(memory.added, periodSeconds) + sum(memory.removed, periodSeconds);
    if (type === 'Pods') return start + direction * value;
    const share = start * (1 + (direction * value) / 100);
    return direction === 1 ? Math.ceil(share) : Math.trunc(share);
  });
  // Max lets the number move farthest: for going down that is the lowest.
  const farthest = (selectPolicy ?? 'Max') !== 'Min';
  return farthest === (direction === 1) ? Math.max(...proposals) : Math.min(...proposals);
}

/** How long what happened can still matter. */
const longestPeriodS = ({ spec }: HorizontalPodAutoscaler): number =>
  Math.max(
    0,
    ...[spec.behavior?.scaleUp, spec.behavior?.scaleDown].flatMap((rules) =>
      (rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds),
    ),
  );

const longestWindowS = ({ spec }: HorizontalPodAutoscaler): number =>
  Math.max(
    downscaleStabilizationS,
    spec.behavior?.scaleUp?.stabilizationWindowSeconds ?? 0,
    spec.behavior?.scaleDown?.stabilizationWindowSeconds ?? 0,
  );

export const nothingRemembered: Memory = { recommendations: [], added: [], removed: [] };

/** The memory with what was just recommended and changed, without what no longer matters. */
export function remembering(
  { recommendations, added, removed }: Memory,
  {
    hpa,
    recommended,
    change,
    now,
  }: {
    readonly hpa: HorizontalPodAutoscaler;
    readonly recommended?: number;
    /** Replicas added (positive) or taken away. */
    readonly change?: number;
    readonly now: number;
  },
): Memory {
  const fresh = (moments: readonly Moment[], seconds: number, more: number | undefined) => [
    ...moments.filter(({ at }) => at > now - seconds * 1_000),
    ...(more === undefined ? [] : [{ replicas: more, at: now }]),
  ];
  const period = longestPeriodS(hpa);
  return {
    recommendations: fresh(recommendations, longestWindowS(hpa), recommended),
    added: fresh(added, period, change !== undefined && change > 0 ? change : undefined),
    removed: fresh(removed, period, change !== undefined && change < 0 ? -change : undefined),
  };
}
