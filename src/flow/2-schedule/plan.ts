/**
 * Step 2, the decision: which clusters a binding's template goes to, with how many replicas. Cluster affinity (one or
 * an ordered list), taints, Duplicated and static weights; a placement that needs more says so.
 */
import type { Placement } from '#apis/policy/placement.ts';
import type { BindingSpec, TargetCluster } from '#apis/work/binding-spec.ts';
import { divideByWeight } from './plan/divide.ts';
import { filterClusters, fitErrorMessage } from './plan/filter.ts';
import type { FleetCluster } from './plan/fleet.ts';
import type { SchedulingInput } from './plan/input.ts';
import { isDivided, isWorkload } from './plan/needs.ts';
import type { Verdict } from './plan/verdict.ts';

/** What the placement asks for that this scheduler does not do; undefined when it does all of it. */
function unsupported(placement: Placement): string | undefined {
  const { replicaScheduling, spreadConstraints = [], workloadAffinity, clusterAffinities = [] } = placement;
  if (spreadConstraints.length > 0) return 'spec.placement.spreadConstraints';
  if (workloadAffinity) return 'spec.placement.workloadAffinity';
  if (clusterAffinities.some((term) => (term.overflowAffinities ?? []).length > 0)) return 'overflowAffinities';
  if (replicaScheduling?.replicaSchedulingType !== 'Divided') return undefined;
  if (replicaScheduling.replicaDivisionPreference === 'Aggregated') return 'replicaDivisionPreference Aggregated';
  return replicaScheduling.weightPreference?.dynamicWeight ? 'weightPreference.dynamicWeight' : undefined;
}

function assign(fit: readonly FleetCluster[], spec: BindingSpec, placement: Placement): readonly TargetCluster[] {
  const names = fit.map(({ name }) => name);
  if (!isWorkload(spec)) return names.map((name) => ({ name }));
  if (!isDivided(placement)) return names.map((name) => ({ name, replicas: spec.replicas ?? 0 }));
  return divideByWeight(
    fit.map(({ cluster }) => cluster),
    spec.replicas ?? 0,
    placement.replicaScheduling!,
    spec.resource.uid ?? '',
  );
}

/** Whom an accurate estimator should be asked about before `schedule`; none when the decision does not need it. */
export function clustersToEstimate(_input: SchedulingInput): readonly string[] {
  return [];
}

/**
 * The verdict for a binding. Of several affinity groups the first that fits wins, beginning with the one in use: an
 * earlier group is not gone back to.
 */
export function schedule({ spec, status, fleet }: SchedulingInput): Verdict {
  const placement = spec.placement ?? {};
  const lacking = unsupported(placement);
  if (lacking) {
    const message = `this scheduler does not support ${lacking} yet; remove it from the policy's placement`;
    return { outcome: 'error', message, withdraws: false, retried: false };
  }
  const { clusters } = fleet;
  const noFit = (message: string): Verdict => ({ outcome: 'noFit', message, withdraws: true, retried: false });
  const groups = placement.clusterAffinities ?? [];
  if (groups.length === 0) {
    const { fit, refused } = filterClusters(clusters, spec, placement.clusterAffinity);
    if (fit.length === 0) return noFit(fitErrorMessage(clusters.length, refused));
    return { outcome: 'scheduled', clusters: assign(fit, spec, placement) };
  }
  const current = groups.findIndex((group) => group.affinityName === status?.schedulerObservingAffinityName);
  let firstMessage: string | undefined;
  for (const group of groups.slice(Math.max(0, current))) {
    const { fit, refused } = filterClusters(clusters, spec, group);
    if (fit.length > 0) {
      return { outcome: 'scheduled', clusters: assign(fit, spec, placement), affinityName: group.affinityName };
    }
    firstMessage ??= fitErrorMessage(clusters.length, refused);
  }
  return noFit(firstMessage!);
}
