/** The conditions of a Job, in Kubernetes' words. Pure. */
import type { Job, JobCondition } from '#apis/kubernetes/types.ts';
import { timestamp } from '#world/clock/clock.ts';

export type Conditions = readonly JobCondition[];
export type News = Pick<JobCondition, 'type' | 'reason' | 'message'>;

const types = {
  successCriteriaMet: 'SuccessCriteriaMet',
  complete: 'Complete',
  failureTarget: 'FailureTarget',
  failed: 'Failed',
  suspended: 'Suspended',
} as const;

export const news = {
  completed: {
    type: types.successCriteriaMet,
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  },
  backoffLimit: {
    type: types.failureTarget,
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  },
  deadline: {
    type: types.failureTarget,
    reason: 'DeadlineExceeded',
    message: 'Job was active longer than specified deadline',
  },
  failedIndexes: { type: types.failureTarget, reason: 'FailedIndexes', message: 'Job has failed indexes' },
  maxFailedIndexes: {
    type: types.failureTarget,
    reason: 'MaxFailedIndexesExceeded',
    message: 'Job has exceeded the specified maximal number of failed indexes',
  },
} as const satisfies Record<string, News>;

/** A rule of its policy says that one Pod's failure is the Job's. */
export const fatalNews = (message: string): News => ({
  type: types.failureTarget,
  reason: 'PodFailurePolicy',
  message,
});

export const successRuleNews = (index: number): News => ({
  type: types.successCriteriaMet,
  reason: 'SuccessPolicy',
  message: `Matched rules at index ${index}`,
});

const isTrue = (conditions: Conditions, type: string): JobCondition | undefined =>
  conditions.find((condition) => condition.type === type && condition.status === 'True');

/** The end a Job is heading for, while its Pods are being stopped. */
export const targetOf = ({ status }: Job): JobCondition | undefined =>
  isTrue(status?.conditions ?? [], types.failureTarget) ?? isTrue(status?.conditions ?? [], types.successCriteriaMet);

/** Complete or Failed: nothing more will happen. */
export const endOf = ({ status }: Job): JobCondition | undefined =>
  isTrue(status?.conditions ?? [], types.complete) ?? isTrue(status?.conditions ?? [], types.failed);

function condition(what: News, status: 'True' | 'False', now: number): JobCondition {
  const time = timestamp(now);
  return { ...what, status, lastProbeTime: time, lastTransitionTime: time };
}

export const withTarget = (conditions: Conditions, target: News | undefined, now: number): Conditions =>
  !target || isTrue(conditions, target.type) ? conditions : [...conditions, condition(target, 'True', now)];

/** What follows from the target when the last Pod has stopped: the same reason under its final name. */
export function finalNews(target: News): News & { readonly isSuccess: boolean } {
  const isSuccess = target.type === types.successCriteriaMet;
  return { ...target, type: isSuccess ? types.complete : types.failed, isSuccess };
}

export const withEnd = (conditions: Conditions, end: News, now: number): Conditions => [
  ...conditions,
  condition({ type: end.type, reason: end.reason, message: end.message }, 'True', now),
];

const suspended: News = { type: types.suspended, reason: 'JobSuspended', message: 'Job suspended' };
const resumed: News = { type: types.suspended, reason: 'JobResumed', message: 'Job resumed' };

/** The same list when it says so already; a Job that was never suspended does not say that it goes on. */
export function withSuspension(conditions: Conditions, isSuspended: boolean, now: number): Conditions {
  const at = conditions.findIndex(({ type }) => type === types.suspended);
  if (at < 0) return isSuspended ? [...conditions, condition(suspended, 'True', now)] : conditions;
  if ((conditions[at]!.status === 'True') === isSuspended) return conditions;
  return conditions.with(at, condition(isSuspended ? suspended : resumed, isSuspended ? 'True' : 'False', now));
}
