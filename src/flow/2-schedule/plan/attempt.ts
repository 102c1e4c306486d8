/** One affinity term tried: filter, score, select, assign; what came of each is kept for whoever asks why. */
import type { TargetCluster } from '#apis/work/binding-spec.ts';
import { assign } from './assign/assign.ts';
import { filterClusters, fitErrorMessage } from './filter/filter.ts';
import type { DecisionMeter } from './input.ts';
import type { AffinityTerm, Scheduling } from './scheduling.ts';
import { type Candidate, candidatesOf } from './score/candidates.ts';
import type { RegionChoice } from './select/by-region.ts';
import { select } from './select/select.ts';

export type AttemptResult =
  | { readonly outcome: 'scheduled'; readonly clusters: readonly TargetCluster[] }
  | { readonly outcome: 'noFit' | 'unschedulable' | 'error'; readonly message: string };

export interface Attempt {
  readonly term: AffinityTerm;
  /** Clusters that passed the filters. */
  readonly candidates: readonly Candidate[];
  readonly selected: readonly Candidate[];
  /** Where regions were chosen among. */
  readonly regions?: readonly RegionChoice[];
  readonly result: AttemptResult;
}

const failed = (outcome: 'noFit' | 'unschedulable' | 'error', message: string): AttemptResult => ({
  outcome,
  message,
});

const unmetered: DecisionMeter = { step: (_step, work) => work() };

export function attempt(scheduling: Scheduling, term: AffinityTerm): Attempt {
  const { step } = scheduling.input.meter ?? unmetered;
  const { fit, refused } = step('Filter', () => filterClusters(scheduling, term));
  const tried = { term, candidates: [], selected: [] };
  if (fit.length === 0) {
    const total = scheduling.input.fleet.clusters.length;
    return { ...tried, result: failed('noFit', fitErrorMessage(total, refused)) };
  }
  const candidates = step('Score', () => candidatesOf(fit, scheduling, term));
  const selection = step('Select', () => select(candidates, scheduling));
  const { regions } = selection;
  const scored = { ...tried, candidates, ...(regions ? { regions } : {}) };
  if ('failure' in selection) {
    return { ...scored, result: failed('error', `failed to select clusters: ${selection.failure}`) };
  }
  const { selected } = selection;
  if (selected.length === 0) {
    const message = 'failed to assign replicas: no clusters available to schedule';
    return { ...scored, result: failed('error', message) };
  }
  const targets = step('AssignReplicas', () => assign(selected, scheduling, term));
  if ('shortage' in targets) {
    const message = `failed to assign replicas: ${targets.shortage}`;
    return { ...scored, selected, result: failed('unschedulable', message) };
  }
  return { ...scored, selected, result: { outcome: 'scheduled', clusters: targets.clusters } };
}
