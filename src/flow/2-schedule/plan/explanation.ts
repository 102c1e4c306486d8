/** Why a scheduling decision is what it is: each affinity term that was tried, and each cluster under it. */
import type { TargetCluster } from '#apis/work/binding-spec.ts';
import type { Attempt } from './attempt.ts';
import { unlimited } from './estimate/capacity.ts';
import { type Refusal, refusals } from './filter/filter.ts';
import type { FleetCluster } from './fleet.ts';
import type { Scheduling } from './scheduling.ts';
import { type Candidate, type PluginScore, roomFor, scoresOf } from './score/candidates.ts';
import type { RegionChoice } from './select/by-region.ts';
import type { Verdict } from './verdict.ts';

export interface ClusterExplanation {
  readonly name: string;
  /** It is being deleted, and was not looked at. */
  readonly leaving: boolean;
  /** The plugins that refused it, with their reasons; of several the first is the one counted in messages. */
  readonly refusals: readonly Refusal[];
  /** From here on: of clusters that no plugin refused. */
  readonly score?: number;
  readonly scores?: readonly PluginScore[];
  /** Replicas, or sets of components, it holds and has room for; absent where room does not matter. */
  readonly available?: number;
  /** The groups it is in. */
  readonly provider?: string;
  readonly region?: string;
  readonly zones?: readonly string[];
  /** 0: of the term itself; higher: of its overflow groups. */
  readonly tier?: number;
  readonly selected: boolean;
  /** It is a target, with that many replicas; a target of what has none has no number. */
  readonly target?: { readonly replicas?: number };
}

export interface TermExplanation {
  /** Absent for the only affinity of a placement. */
  readonly affinityName?: string;
  /** Why it does not serve; absent for the one that does. */
  readonly failure?: string;
  readonly clusters: readonly ClusterExplanation[];
  readonly regions?: readonly RegionChoice[];
}

export interface Explanation {
  readonly verdict: Verdict;
  /** In the order they were tried. */
  readonly terms: readonly TermExplanation[];
}

function explainCandidate(candidate: Candidate, scheduling: Scheduling, selected: boolean): ClusterExplanation {
  const available = roomFor(candidate, scheduling);
  const { provider, region, zones } = candidate.cluster.cluster.spec;
  return {
    name: candidate.name,
    leaving: false,
    refusals: [],
    score: candidate.score,
    scores: scoresOf(candidate.cluster, scheduling),
    ...(available < unlimited ? { available } : {}),
    ...(provider ? { provider } : {}),
    ...(region ? { region } : {}),
    ...(zones ? { zones } : {}),
    tier: candidate.tier,
    selected,
  };
}

function targetOf({ replicas }: TargetCluster): { readonly replicas?: number } {
  return replicas === undefined ? {} : { replicas };
}

export function explainAttempt(attempt: Attempt, scheduling: Scheduling): TermExplanation {
  const { term, candidates, selected, regions, result } = attempt;
  const refusalsOf = refusals(scheduling, term);
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
  const taken = new Set(selected);
  const targets = new Map(result.outcome === 'scheduled' ? result.clusters.map((each) => [each.name, each]) : []);
  const explain = (cluster: FleetCluster): ClusterExplanation => {
    const candidate = byName.get(cluster.name);
    if (!candidate) {
      const refused = cluster.leaving ? [] : refusalsOf(cluster);
      return { name: cluster.name, leaving: cluster.leaving, refusals: refused, selected: false };
    }
    const target = targets.get(cluster.name);
    const explained = explainCandidate(candidate, scheduling, taken.has(candidate));
    return target ? { ...explained, target: targetOf(target) } : explained;
  };
  return {
    ...(term.name === undefined ? {} : { affinityName: term.name }),
    ...(result.outcome === 'scheduled' ? {} : { failure: result.message }),
    clusters: scheduling.input.fleet.clusters.map(explain),
    ...(regions ? { regions } : {}),
  };
}
