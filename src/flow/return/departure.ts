/** A binding leaves a cluster: the target goes, an eviction task comes that says who wanted it and how. Pure. */
import type { BindingSpec } from '#apis/work/binding-spec.ts';

type Task = NonNullable<BindingSpec['gracefulEvictionTasks']>[number];

/** What the one who evicts says of it. */
export type Departure = Omit<Task, 'fromCluster' | 'replicas' | 'creationTimestamp'>;

/** Without the cluster among its targets; the task of a cluster that is being left already stays as it is. */
export function leave(spec: BindingSpec, cluster: string, departure: Departure): BindingSpec {
  const { clusters = [], gracefulEvictionTasks: tasks = [], ...rest } = spec;
  const target = clusters.find(({ name }) => name === cluster);
  if (!target) return spec;
  const left = clusters.filter((each) => each !== target);
  const { replicas = 0 } = target;
  const task: Task = { fromCluster: cluster, ...departure, ...(replicas > 0 ? { replicas } : {}) };
  const isLeaving = tasks.some(({ fromCluster }) => fromCluster === cluster);
  return {
    ...rest,
    ...(left.length > 0 ? { clusters: left } : {}),
    gracefulEvictionTasks: isLeaving ? tasks : [...tasks, task],
  };
}
