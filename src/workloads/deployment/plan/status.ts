/** The status of a Deployment from its ReplicaSets. Pure; `now` in milliseconds since 1970. */
import type { Deployment, DeploymentStatus, ReplicaSet } from '#apis/kubernetes/types.ts';
import { parseTime } from '#kube/meta/time.ts';
import {
  availability,
  type Conditions,
  completeNews,
  conditionOf,
  failureOf,
  pausedNews,
  progressing,
  reasons,
  renewed,
  replicaFailure,
  resumedNews,
  timedOutNews,
  updatedNews,
  withNews,
  without,
} from '../conditions.ts';
import { replicasOf, totalAsked, totalReported, unavailableOf } from './sizes.ts';

export interface Observed {
  readonly deployment: Deployment;
  /** Of all revisions, as planned: their status is what they report now. */
  readonly sets: readonly ReplicaSet[];
  readonly newest: ReplicaSet | undefined;
  readonly now: number;
}

/** No deadline, in the words of the API. */
const never = 2_147_483_647;

export function deadlineOf({ spec }: Deployment): number | undefined {
  const seconds = spec.progressDeadlineSeconds;
  return seconds === undefined || seconds === never ? undefined : seconds;
}

/** A pause or its end is said in the Progressing condition, once; a deadline that has passed stays said. */
export function withPause(deployment: Deployment, conditions: Conditions, now: number): Conditions {
  const current = conditionOf(conditions, progressing);
  if (deadlineOf(deployment) === undefined || current?.reason === reasons.timedOut) return conditions;
  const said = current?.reason === reasons.paused;
  if (deployment.spec.paused === true) return said ? conditions : withNews(conditions, pausedNews, now);
  return said ? withNews(conditions, resumedNews, now) : conditions;
}

/** The numbers, and whether they are enough; zeros are left out, as the API leaves them. */
export function counted({ deployment, sets, newest, now }: Observed, conditions: Conditions): DeploymentStatus {
  const availableReplicas = totalReported(sets, 'availableReplicas');
  const isAvailable = availableReplicas >= replicasOf(deployment) - unavailableOf(deployment);
  const { generation } = deployment.metadata;
  const { collisionCount } = deployment.status ?? {};
  const numbers = {
    observedGeneration: generation ?? 0,
    replicas: totalReported(sets, 'replicas'),
    updatedReplicas: newest ? totalReported([newest], 'replicas') : 0,
    readyReplicas: totalReported(sets, 'readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, totalAsked(sets) - availableReplicas),
  };
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== 0)),
    terminatingReplicas: totalReported(sets, 'terminatingReplicas'),
    conditions: withNews(conditions, availability(isAvailable), now),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = replicasOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** Towards completeness, without a loss of what was available and without a condition that says that it fails. */
export function isUnderWay(deployment: Deployment, status: DeploymentStatus): boolean {
  const fails = status.conditions?.some(
    ({ type, status: is }) => (type === progressing && is === 'False') || type === replicaFailure,
  );
  const isLoss = (status.availableReplicas ?? 0) < (deployment.status?.availableReplicas ?? 0);
  return !fails && !isLoss && !isComplete(deployment, status);
}

/** More updated, ready or available Pods than before, or fewer old ones. */
function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  const more = (count: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas') =>
    (after[count] ?? 0) > (before[count] ?? 0);
  return more('updatedReplicas') || old(after) < old(before) || more('readyReplicas') || more('availableReplicas');
}

/** When the deadline of the step under way passes; undefined when none is under way. */
function deadlineAt(deployment: Deployment, conditions: Conditions): number | undefined {
  const seconds = deadlineOf(deployment);
  const current = conditionOf(conditions, progressing);
  if (seconds === undefined || !current || current.reason === reasons.complete) return undefined;
  const since = parseTime(current.lastUpdateTime ?? '');
  return Number.isNaN(since) ? undefined : since + seconds * 1_000;
}

/** The status with what it says of the rollout: progressing, complete, stuck. */
export function withProgress(observed: Observed, status: DeploymentStatus): DeploymentStatus {
  const { deployment, sets, newest, now } = observed;
  const before = status.conditions ?? [];
  const failure = failureOf(sets, newest);
  const told = deadlineOf(deployment) === undefined ? without(before, progressing) : rolloutNews(observed, status);
  return { ...status, conditions: failure ? withNews(told, failure, now) : without(told, replicaFailure) };
}

function rolloutNews({ deployment, newest, now }: Observed, status: DeploymentStatus): Conditions {
  const conditions = status.conditions ?? [];
  const current = conditionOf(conditions, progressing);
  const isOver = status.replicas === status.updatedReplicas && current?.reason === reasons.complete;
  if (isOver) return conditions;
  const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) return withNews(conditions, completeNews(subject), now);
  if (hasProgressed(deployment.status ?? {}, status)) return renewed(conditions, updatedNews(subject), now);
  const deadline = deadlineAt(deployment, conditions);
  const isLate = current?.reason === reasons.timedOut || (deadline !== undefined && deadline < now);
  return isLate ? withNews(conditions, timedOutNews(subject), now) : conditions;
}

/** Milliseconds until a rollout that stands still must be called stuck; undefined when nothing is waited for. */
export function untilStuck(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const conditions = status.conditions ?? [];
  const deadline = deadlineAt(deployment, conditions);
  const said = conditionOf(conditions, progressing)?.reason === reasons.timedOut;
  if (deadline === undefined || said || isComplete(deployment, status)) return undefined;
  // A second more, as times are written without their fractions.
  return Math.max(0, deadline - now) + 1_000;
}
