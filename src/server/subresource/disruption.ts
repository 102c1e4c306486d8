/** What a PodDisruptionBudget says to an eviction: pure, the rules of kube-apiserver's eviction storage. */
import { findCondition, isConditionTrue, setCondition } from '#kube/conditions/conditions.ts';
import type { Condition, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { type LabelSelector, labelSelectorMatcher } from '#kube/selector/labels.ts';
import { forbidden } from '#kube/status/errors.ts';
import { failure, type StatusError } from '#kube/status/status.ts';

interface Budget {
  readonly spec?: {
    readonly selector?: LabelSelector;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  readonly status?: BudgetStatus;
}

interface BudgetStatus {
  readonly observedGeneration?: number;
  readonly disruptionsAllowed?: number;
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
}

interface Pod {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

const contentOf = <T>(object: KubeObject): T => object as UnstructuredObject as unknown as T;

/** Evictions that the controller has not confirmed; beyond, it is behind. */
const mostDisrupted = 2_000;

const allowedType = 'DisruptionAllowed';

/** Nobody serves from it: a Pod that has ended, that waits, or that is going away already. */
export function needsNoBudget(pod: KubeObject): boolean {
  const { phase = '' } = contentOf<Pod>(pod).status ?? {};
  return ['Succeeded', 'Failed', 'Pending'].includes(phase) || pod.metadata.deletionTimestamp !== undefined;
}

export const guards = (budget: KubeObject, pod: KubeObject): boolean =>
  labelSelectorMatcher(contentOf<Budget>(budget).spec?.selector).matches(pod.metadata.labels);

/** A Pod that is not ready does not count, where the budget says so or is kept without it. */
export function letsUnreadyGo(budget: KubeObject, pod: KubeObject): boolean {
  if (isConditionTrue(contentOf<Pod>(pod).status?.conditions, 'Ready')) return false;
  const { spec, status } = contentOf<Budget>(budget);
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function refused(why: string, retryAfterSeconds?: number): StatusError {
  return failure('TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message: why }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Seconds after which the controller may have looked. */
const soon = 10;

export const stillProcessed = (name: string): StatusError =>
  refused(`The disruption budget ${name} is still being processed by the server.`, soon);

function whyNone(name: string, { currentHealthy = 0, desiredHealthy = 0, conditions }: BudgetStatus): string {
  const condition = findCondition(conditions, allowedType);
  const told = condition?.status === 'False' && condition.message ? condition : undefined;
  if (told?.reason === 'SyncFailed') {
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${told.message}`;
  }
  if (currentHealthy <= desiredHealthy) {
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  const text = `The disruption budget ${name} does not allow evicting pods currently`;
  return told ? `${text} (${told.reason}): ${told.message}` : text;
}

/** The budget with one disruption less. Throws TooManyRequests or Forbidden. `now` as objects tell times. */
export function spent(budget: KubeObject, pod: KubeObject, now: string): KubeObject {
  const { name = '', generation = 0 } = budget.metadata;
  const status = contentOf<Budget>(budget).status ?? {};
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {}, conditions } = status;
  const ref = { group: 'policy', resource: 'poddisruptionbudget' };
  if (observedGeneration < generation) throw stillProcessed(name);
  if (disruptionsAllowed < 0) throw forbidden(ref, name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > mostDisrupted) {
    const text = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    throw forbidden(ref, name, text);
  }
  if (disruptionsAllowed === 0) throw refused(whyNone(name, status));
  const left = disruptionsAllowed - 1;
  const reason = 'InsufficientPods';
  const none = { type: allowedType, status: 'False', reason, message: '', observedGeneration } as const;
  const next: BudgetStatus = {
    ...status,
    disruptionsAllowed: left,
    disruptedPods: { ...disruptedPods, [pod.metadata.name ?? '']: now },
    ...(left > 0 ? {} : { conditions: setCondition(conditions, none, now) }),
  };
  return { ...budget, status: next } as KubeObject;
}

/** The Pod as it says why it goes. */
export function markedForEviction(pod: KubeObject, now: string): KubeObject {
  const { status = {} } = contentOf<Pod>(pod);
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  } as const;
  return { ...pod, status: { ...status, conditions: setCondition(status.conditions, condition, now) } } as KubeObject;
}
