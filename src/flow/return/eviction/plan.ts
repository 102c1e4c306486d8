/**
 * When a cluster that is being left gracefully is let go (compatibility.md section 5): the task that keeps its Work is
 * dropped once the template is well where it went, once its time is over, or once somebody says so. Pure.
 */
import type { Binding } from '#apis/work/binding.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { parseTime } from '#kube/meta/time.ts';
import { timestamp } from '#world/clock/clock.ts';

type Task = NonNullable<BindingSpec['gracefulEvictionTasks']>[number];

export interface Assessment {
  /** The same reference where nothing changes. */
  readonly tasks: readonly Task[];
  /** Clusters whose task has been dropped, in order. */
  readonly evicted: readonly string[];
  /** When time alone will change the answer; undefined when it will not. */
  readonly nextMs?: number;
}

/** `--graceful-eviction-timeout`, or what the task itself says. */
const patienceMs = ({ gracePeriodSeconds }: Task, timeoutMs: number): number =>
  gracePeriodSeconds === undefined ? timeoutMs : gracePeriodSeconds * 1_000;

/** True without any cluster, too: nothing is waited for where the template is to go nowhere. */
function isWellEverywhere({ spec, status }: Binding): boolean {
  const healthy = new Set(
    (status?.aggregatedStatus ?? []).filter(({ health }) => health === 'Healthy').map(({ clusterName }) => clusterName),
  );
  return (spec.clusters ?? []).every(({ name }) => healthy.has(name));
}

/** What the status says is of the clusters that the scheduler has chosen for this very binding. */
const isObserved = ({ metadata, status }: Binding): boolean =>
  status?.schedulerObservedGeneration === metadata.generation;

/** `now`: milliseconds since 1970. */
export function assess(binding: Binding, now: number, timeoutMs: number): Assessment {
  const given = binding.spec.gracefulEvictionTasks ?? [];
  const settled = isObserved(binding) && isWellEverywhere(binding);
  const tasks: Task[] = [];
  const evicted: string[] = [];
  let nextMs: number | undefined;
  for (const task of given) {
    const { creationTimestamp, suppressDeletion, fromCluster } = task;
    const dated = creationTimestamp ? task : { ...task, creationTimestamp: timestamp(now) };
    const leftMs = parseTime(dated.creationTimestamp!) + patienceMs(task, timeoutMs) - now;
    // A new task is only dated: the status may be from before it.
    const isOver = creationTimestamp !== undefined && (leftMs < 0 || settled);
    if (suppressDeletion === true) tasks.push(dated);
    else if ((creationTimestamp !== undefined && suppressDeletion === false) || isOver) evicted.push(fromCluster);
    else {
      tasks.push(dated);
      nextMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, Math.max(leftMs, 0));
    }
  }
  const same = evicted.length === 0 && tasks.every((task, i) => task === given[i]);
  return { tasks: same ? given : tasks, evicted, ...(nextMs === undefined ? {} : { nextMs }) };
}
