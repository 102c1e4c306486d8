/** The conditions of a Deployment: Available, Progressing, ReplicaFailure, in Kubernetes' words. Pure. */
import type { DeploymentCondition, ReplicaSet } from '#apis/kubernetes/types.ts';
import { timestamp } from '#world/clock/clock.ts';

export type Conditions = readonly DeploymentCondition[];

export const progressing = 'Progressing';
const available = 'Available';
export const replicaFailure = 'ReplicaFailure';

export const reasons = {
  minimumAvailable: 'MinimumReplicasAvailable',
  minimumUnavailable: 'MinimumReplicasUnavailable',
  found: 'FoundNewReplicaSet',
  created: 'NewReplicaSetCreated',
  createError: 'ReplicaSetCreateError',
  updated: 'ReplicaSetUpdated',
  complete: 'NewReplicaSetAvailable',
  timedOut: 'ProgressDeadlineExceeded',
  paused: 'DeploymentPaused',
  resumed: 'DeploymentResumed',
} as const;

type News = Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>;

export const conditionOf = (conditions: Conditions, type: string): DeploymentCondition | undefined =>
  conditions.find((condition) => condition.type === type);

export const without = (conditions: Conditions, type: string): Conditions =>
  conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;

/** Same status and reason: nothing is news. Else it goes to the end, and its transition time moves with the status only. */
export function withNews(conditions: Conditions, news: News, now: number): Conditions {
  const before = conditionOf(conditions, news.type);
  if (before?.status === news.status && before.reason === news.reason) return conditions;
  return renewed(conditions, news, now);
}

/** As `withNews`, but told again even where nothing but its time is new: progress counts from here. */
export function renewed(conditions: Conditions, news: News, now: number): Conditions {
  const before = conditionOf(conditions, news.type);
  const time = timestamp(now);
  const lastTransitionTime = before?.status === news.status ? (before.lastTransitionTime ?? time) : time;
  return [...without(conditions, news.type), { ...news, lastUpdateTime: time, lastTransitionTime }];
}

export const availability = (isAvailable: boolean): News => ({
  type: available,
  status: isAvailable ? 'True' : 'False',
  reason: isAvailable ? reasons.minimumAvailable : reasons.minimumUnavailable,
  message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
});

const progress = (status: string, reason: string, message: string): News => ({
  type: progressing,
  status,
  reason,
  message,
});

export const foundNews = (name: string) => progress('True', reasons.found, `Found new replica set "${name}"`);
export const createdNews = (name: string) => progress('True', reasons.created, `Created new replica set "${name}"`);
export const createErrorNews = (name: string, error: string) =>
  progress('False', reasons.createError, `Failed to create new replica set "${name}": ${error}`);
export const pausedNews = progress('Unknown', reasons.paused, 'Deployment is paused');
export const resumedNews = progress('Unknown', reasons.resumed, 'Deployment is resumed');

/** `subject` is the ReplicaSet being rolled out, or the Deployment where there is none. */
export const completeNews = (subject: string) =>
  progress('True', reasons.complete, `${subject} has successfully progressed.`);
export const updatedNews = (subject: string) => progress('True', reasons.updated, `${subject} is progressing.`);
export const timedOutNews = (subject: string) =>
  progress('False', reasons.timedOut, `${subject} has timed out progressing.`);

/** Why Pods could not be made: the newest ReplicaSet's word before any other's. */
export function failureOf(sets: readonly ReplicaSet[], newest: ReplicaSet | undefined): News | undefined {
  for (const set of newest ? [newest, ...sets] : sets) {
    const found = set.status?.conditions?.find(({ type }) => type === replicaFailure);
    if (found) return { type: replicaFailure, status: found.status, reason: found.reason, message: found.message };
  }
  return undefined;
}
