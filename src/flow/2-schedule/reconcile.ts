/** Step 2: gives a binding its clusters, and says in its status how that went. */
import type { Binding } from '#apis/work/binding.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { done, type Result, terminal, waits } from '#runtime/reconciler.ts';
import type { Assumptions } from './assumptions.ts';
import type { Outcome } from './conditions.ts';
import type { DecisionInputs } from './decide.ts';
import { type SchedulerMeter, scheduleTypeOf } from './meter.ts';
import { isOurs, isScheduled, needsScheduling, withoutLeaving } from './plan/needs.ts';
import type { Verdict } from './plan/verdict.ts';
import { explain, schedule } from './plan.ts';
import { tellFailed, tellPlaced, tellTerms, type Writing, writePlacement, writeStatus } from './write.ts';

export interface SchedulerContext extends Writing {
  readonly inputs: DecisionInputs;
  readonly assumptions: Assumptions | undefined;
  readonly meter: SchedulerMeter;
  /** Bindings that name another scheduler are not ours. */
  readonly schedulerName: string;
}

export async function reconcileBinding(context: SchedulerContext, key: string): Promise<Result> {
  const { bindings, inputs, schedulerName } = context;
  const binding = bindings.get(key);
  if (!binding || !isOurs(binding, schedulerName)) return done;
  const clusters = inputs.clusters();
  // One that is being deleted may stay for long, where its template is protected from that.
  if (binding.metadata.deletionTimestamp || !isScheduled(binding)) {
    const spec = withoutLeaving(binding.spec, clusters);
    if (spec !== binding.spec) await bindings.update({ ...binding, spec } as Binding);
    return done;
  }
  if (!needsScheduling(binding, clusters)) {
    await writeStatus(context, binding, 'stays');
    return done;
  }
  const { clock, meter } = context;
  const began = clock.monotonic();
  const type = scheduleTypeOf(binding);
  try {
    const outcome = await place(context, binding);
    meter.attempted(type, outcome, clock.monotonic() - began);
    return resultOf(outcome);
  } catch (error) {
    if (!isReason(error, 'Conflict')) meter.attempted(type, undefined, clock.monotonic() - began);
    throw error;
  }
}

/** Decides and writes. Throws what the API server could not answer, and Conflict: nothing is said of the binding then. */
async function place(context: SchedulerContext, binding: Binding): Promise<Outcome> {
  const { inputs } = context;
  const estimates = await inputs.estimates(binding);
  // From here until the placement is on its way nothing is waited for: the next decision must know of this one.
  const input = inputs.of(binding, estimates);
  const verdict = schedule({ ...input, meter: context.meter.decision() });
  const takeBack = verdict.outcome === 'scheduled' ? context.assumptions?.place(binding, verdict.clusters) : undefined;
  let placed = binding;
  let outcome: Outcome = verdict;
  try {
    placed = await writePlacement(context, binding, verdict);
  } catch (error) {
    takeBack?.();
    outcome = refusal(error, verdict);
  }
  if (outcome.outcome === 'scheduled' && placed.spec.clusters !== binding.spec.clusters)
    tellPlaced(context, binding, outcome.clusters);
  const written = await writeStatus(context, placed, outcome);
  if (written && leavesTerm(binding, outcome)) tellTerms(context, binding, explain(input).terms);
  if (outcome.outcome !== 'scheduled' && written) tellFailed(context, binding, outcome.message);
  return outcome;
}

/** Of several affinity terms the one in use, or the first, does not serve. */
function leavesTerm({ spec, status }: Binding, outcome: Outcome): boolean {
  const terms = spec.placement?.clusterAffinities ?? [];
  if (terms.length === 0 || outcome.outcome === 'quota' || outcome.outcome === 'refused') return false;
  const used = terms.find(({ affinityName }) => affinityName === status?.schedulerObservingAffinityName) ?? terms[0]!;
  return outcome.outcome !== 'scheduled' || outcome.affinityName !== used.affinityName;
}

/** What is to be said of a write that was refused for what it says; anything else is thrown. */
function refusal(error: unknown, verdict: Verdict): Outcome {
  if (!(error instanceof StatusError) || error.code >= 500 || error.code === 429) throw error;
  if (error.reason === 'Conflict' || error.reason === 'NotFound') throw error;
  const { message } = error;
  if (verdict.outcome === 'noFit') return { ...verdict, message: `[${verdict.message}, ${message}]`, retried: true };
  if (error.reason === 'QuotaExceeded') return { outcome: 'quota', message, retried: true };
  const ends = error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating');
  return { outcome: 'refused', message, retried: ends !== true };
}

/** More room comes only by a change; a quota or a refusal may be over by itself. */
function resultOf(outcome: Outcome): Result {
  if (outcome.outcome === 'scheduled') return done;
  if (outcome.retried) return waits(outcome.message, outcome.outcome === 'unschedulable' ? 'change' : 'backoff');
  return outcome.outcome === 'error' ? terminal(outcome.message) : done;
}
