/** The condition this step owns on a binding: Scheduled (compatibility.md section 1.4). */
import type { Condition } from '#kube/meta/object.ts';
import type { Verdict } from './plan/verdict.ts';

const failures = { noFit: 'NoClusterFit', unschedulable: 'Unschedulable', error: 'SchedulerError' } as const;

const scheduledType = 'Scheduled';

/** Texts and reasons as compatible clients read them. */
export function scheduledCondition(
  verdict: Verdict,
  time: string,
): Condition & { readonly lastTransitionTime: string } {
  const common = { type: scheduledType, lastTransitionTime: time };
  if (verdict.outcome === 'scheduled') {
    return { ...common, status: 'True', reason: 'Success', message: 'Binding has been scheduled successfully.' };
  }
  return { ...common, status: 'False', reason: failures[verdict.outcome], message: verdict.message };
}
