/** The one condition of a ReplicaSet: ReplicaFailure, while Pods cannot be made or deleted. Pure. */
import type { ReplicaSetCondition } from '#apis/kubernetes/types.ts';
import { timestamp } from '#world/clock/clock.ts';
import { eventReasons } from '../reasons.ts';

type Conditions = readonly ReplicaSetCondition[];

const replicaFailure = 'ReplicaFailure';

/** The first failure stays until there is none: its time says since when. */
export function withFailure(
  conditions: Conditions,
  error: Error | undefined,
  tooFew: boolean,
  now: number,
): Conditions {
  const isSaid = conditions.some(({ type }) => type === replicaFailure);
  if (!error) return isSaid ? conditions.filter(({ type }) => type !== replicaFailure) : conditions;
  if (isSaid) return conditions;
  const condition: ReplicaSetCondition = {
    type: replicaFailure,
    status: 'True',
    reason: tooFew ? eventReasons.failedCreate : eventReasons.failedDelete,
    message: error.message,
    lastTransitionTime: timestamp(now),
  };
  return [...conditions, condition];
}
