/** Which clusters a binding's template belongs in now, and what is held back there. */
import type { BindingSpec, TargetCluster } from '#apis/work/binding-spec.ts';

/** Scheduled clusters, then those that only a dependent asks for. */
export function targetsOf(spec: BindingSpec): readonly TargetCluster[] {
  const scheduled = spec.clusters ?? [];
  const names = new Set(scheduled.map((target) => target.name));
  const extra: TargetCluster[] = [];
  for (const { clusters = [] } of spec.requiredBy ?? []) {
    for (const target of clusters) {
      if (names.has(target.name)) continue;
      names.add(target.name);
      extra.push(target);
    }
  }
  return extra.length > 0 ? [...scheduled, ...extra] : scheduled;
}

/** The cluster is emptied before the template goes anywhere else. */
export const isDirect = ({ purgeMode }: { readonly purgeMode?: string }): boolean =>
  purgeMode === 'Immediately' || purgeMode === 'Directly';

/** Clusters to be emptied before the template goes anywhere else. */
export const directlyLeft = ({ gracefulEvictionTasks = [] }: BindingSpec): ReadonlySet<string> =>
  new Set(gracefulEvictionTasks.filter(isDirect).map((task) => task.fromCluster));

/** Clusters being left gracefully keep their Work until the eviction task is gone. */
export const keptClusters = (spec: BindingSpec): ReadonlySet<string> =>
  new Set([
    ...targetsOf(spec).map((target) => target.name),
    ...(spec.gracefulEvictionTasks ?? []).filter((task) => !isDirect(task)).map((task) => task.fromCluster),
  ]);

export function isSuspended({ suspension }: BindingSpec, cluster: string): boolean {
  return suspension?.dispatching === true || (suspension?.dispatchingOnClusters?.clusterNames ?? []).includes(cluster);
}

/** Replicas are a matter of the binding where it has any, or says what one needs. */
export const isWorkload = (spec: BindingSpec): boolean =>
  (spec.replicas ?? 0) > 0 || spec.replicaRequirements !== undefined || (spec.components ?? []).length > 0;

export const isDivided = (spec: BindingSpec): boolean =>
  spec.placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
