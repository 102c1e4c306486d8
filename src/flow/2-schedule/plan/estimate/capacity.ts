/** How many more replicas, or sets of components, a cluster takes: the least of what the estimators say. */
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { FleetCluster } from '../fleet.ts';
import type { SchedulingInput } from '../input.ts';
import { componentDemand, type Demand, estimateGenerally, replicaDemand } from './general.ts';

/** What an estimator answers that knows no limit; math.MaxInt32 in the reference. */
export const unlimited = 0x7fffffff;

export type Capacity = (cluster: FleetCluster) => number;

/**
 * Components are counted in whole sets only where all of them go to exactly one cluster, which nothing but a spread
 * constraint can say for sure.
 */
export function countsSets({ spec, settings }: SchedulingInput): boolean {
  if (!settings.gates.MultiplePodTemplatesScheduling || (spec.components ?? []).length === 0) return false;
  return (spec.placement?.spreadConstraints ?? []).some(
    ({ spreadByField, minGroups, maxGroups }) => spreadByField === 'cluster' && minGroups === 1 && maxGroups === 1,
  );
}

/** What has no replicas needs no room. */
const takesRoom = ({ replicas = 0, components = [] }: BindingSpec) => replicas > 0 || components.length > 0;

/**
 * Each cluster is estimated once, when somebody first asks for it. `onAsked` hears of it, with whether an accurate
 * answer was there.
 */
export function capacities(
  input: SchedulingInput,
  onAsked?: (cluster: FleetCluster, answered: boolean) => void,
): Capacity {
  const { spec, settings, estimates, assumed } = input;
  if (!takesRoom(spec)) return () => unlimited;
  const known = new Map<string, number>();
  let demand: Demand | undefined;
  return (cluster) => {
    const { name } = cluster;
    const before = known.get(name);
    if (before !== undefined) return before;
    const accurate = estimates?.get(name);
    onAsked?.(cluster, accurate !== undefined);
    demand ??= countsSets(input) ? componentDemand(spec) : replicaDemand(spec);
    const useModels = settings.gates.CustomizedClusterResourceModeling;
    const general = Math.min(estimateGenerally(cluster, demand, assumed?.get(name), useModels), unlimited);
    const least = accurate !== undefined && accurate >= 0 ? Math.min(general, accurate) : general;
    const capacity = least === unlimited ? (spec.replicas ?? 0) : least;
    known.set(name, capacity);
    return capacity;
  };
}
