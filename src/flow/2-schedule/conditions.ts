/** The condition this step owns on a binding: Scheduled (compatibility.md section 1.4). */
import type { Condition } from '#kube/meta/object.ts';
import type { Verdict } from './plan/verdict.ts';

/** What became of a try: what was decided, or why the decision could not be written. */
export type Outcome =
  | Verdict
  | { readonly outcome: 'quota' | 'refused'; readonly message: string; readonly retried: boolean };

const failures = {
  noFit: 'NoClusterFit',
  unschedulable: 'Unschedulable',
  error: 'SchedulerError',
  /** A federated quota does not allow it. */
  quota: 'QuotaExceeded',
  refused: 'SchedulerError',
} as const;

const scheduledType = 'Scheduled';

/** Texts and reasons as compatible clients read them. */
export function scheduledCondition(
  outcome: Outcome,
  time: string,
): Condition & { readonly lastTransitionTime: string } {
  const common = { type: scheduledType, lastTransitionTime: time };
  if (outcome.outcome === 'scheduled') {
    return { ...common, status: 'True', reason: 'Success', message: 'Binding has been scheduled successfully.' };
  }
  return { ...common, status: 'False', reason: failures[outcome.outcome], message: outcome.message };
}
