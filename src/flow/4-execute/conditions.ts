/** The conditions this step owns on a Work: Dispatching and Applied (compatibility.md section 1.4). */
import type { Work } from '#apis/work/work.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';

type Conditions = NonNullable<NonNullable<Work['status']>['conditions']>;

export const dispatching = (suspended: boolean): Condition =>
  suspended
    ? {
        type: 'Dispatching',
        status: 'False',
        reason: 'SuspendDispatching',
        message: 'Work dispatching is in a suspended state.',
      }
    : {
        type: 'Dispatching',
        status: 'True',
        reason: 'Dispatching',
        message: 'Work is being dispatched to member clusters.',
      };

/** `note` says what is out of the ordinary although it was applied (a field that somebody keeps changing back). */
export const applied = (note?: string): Condition => ({
  type: 'Applied',
  status: 'True',
  reason: 'AppliedSuccessful',
  message: note ? `Manifest has been successfully applied; ${note}` : 'Manifest has been successfully applied',
});

export const notApplied = (done: number, total: number, why: string): Condition => ({
  type: 'Applied',
  status: 'False',
  reason: 'AppliedFailed',
  message: `Failed to apply all manifests (${done}/${total}): ${why}`,
});

/** `now` is RFC 3339. The same reference when nothing changes. */
export function withConditions(work: Work, conditions: readonly Condition[], now: string): Work {
  const old = work.status?.conditions;
  const result = conditions.reduce<readonly Condition[] | undefined>(
    (list, condition) => setCondition(list, condition, now),
    old,
  );
  return result === old ? work : { ...work, status: { ...work.status, conditions: result as Conditions } };
}
