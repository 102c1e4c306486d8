/**
 * Step 2, the decision: which clusters a binding's template goes to, with how many replicas, and why
 * (compatibility.md section 4). Pure; controllers, previews and explanations ask the same functions.
 */
import { type Attempt, type AttemptResult, attempt } from './plan/attempt.ts';
import { capacities } from './plan/estimate/capacity.ts';
import { type Explanation, explainAttempt } from './plan/explanation.ts';
import type { SchedulingInput } from './plan/input.ts';
import { type Scheduling, schedulingOf, termsOf } from './plan/scheduling.ts';
import type { Verdict } from './plan/verdict.ts';

/** The terms in their order, up to the first that serves. */
function attempts(scheduling: Scheduling): readonly Attempt[] {
  const tried: Attempt[] = [];
  for (const term of termsOf(scheduling)) {
    const latest = attempt(scheduling, term);
    tried.push(latest);
    if (latest.result.outcome === 'scheduled') break;
  }
  return tried;
}

type Failure = Exclude<AttemptResult, { readonly outcome: 'scheduled' }>;

/**
 * Where no cluster fits, what was placed is withdrawn, and only a change can help. Room and constraints may be there
 * the next time: what is placed stays, and it is tried again.
 */
const failure = ({ outcome, message }: Failure): Verdict => ({
  outcome,
  message,
  withdraws: outcome === 'noFit',
  retried: outcome !== 'noFit',
});

/** Of several terms that all failed, the first one's failure is told. */
function verdictOf(tried: readonly Attempt[]): Verdict {
  const { term, result } = tried.at(-1)!;
  if (result.outcome !== 'scheduled') return failure(tried[0]!.result as Failure);
  const { clusters } = result;
  return term.name === undefined
    ? { outcome: 'scheduled', clusters }
    : { outcome: 'scheduled', clusters, affinityName: term.name };
}

/** The verdict for a binding. */
export const schedule = (input: SchedulingInput): Verdict => verdictOf(attempts(schedulingOf(input)));

/**
 * Whom an accurate estimator should be asked about before `schedule`: the clusters whose room the decision looks at
 * and that `input.estimates` says nothing of yet. None when room does not matter. As the next affinity term may come
 * into play once the first has its answers, ask again with them, and put -1 for who does not answer.
 */
export function clustersToEstimate(input: SchedulingInput): readonly string[] {
  const asked: string[] = [];
  const capacity = capacities(input, ({ name }, answered) => {
    if (!answered) asked.push(name);
  });
  attempts(schedulingOf(input, capacity));
  return asked.sort();
}

/** The verdict, and for each term that was tried what was decided about every cluster. Costs more than the verdict. */
export function explain(input: SchedulingInput): Explanation {
  const scheduling = schedulingOf(input);
  const tried = attempts(scheduling);
  return { verdict: verdictOf(tried), terms: tried.map((each) => explainAttempt(each, scheduling)) };
}
