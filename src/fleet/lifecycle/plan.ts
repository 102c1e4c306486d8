/** What a cluster's readiness means for it: the taints that keep new work away (compatibility.md sections 2.5 and 5). */
import type { Cluster, Taint } from '#apis/cluster/cluster.ts';
import { notReady, unreachable } from '#apis/names/taints.ts';
import { findCondition } from '#kube/conditions/conditions.ts';

const ours = [notReady, unreachable];

/** Undefined: none of ours. A cluster nobody has looked at yet is not ready. */
function wantedKey(cluster: Cluster): string | undefined {
  const ready = findCondition(cluster.status?.conditions, 'Ready');
  if (!ready || ready.status === 'False') return notReady;
  return ready.status === 'Unknown' ? unreachable : undefined;
}

/** The cluster's taints as they should be; the same reference when they are. */
export function taintsFor(cluster: Cluster): readonly Taint[] | undefined {
  const taints = cluster.spec.taints;
  const key = wantedKey(cluster);
  const stale = (taints ?? []).filter((taint) => ours.includes(taint.key) && taint.effect === 'NoSchedule');
  if (stale.length === (key ? 1 : 0) && stale.every((taint) => taint.key === key)) return taints;
  const kept = (taints ?? []).filter((taint) => !stale.includes(taint));
  const wanted: readonly Taint[] = key ? [...kept, { key, effect: 'NoSchedule' }] : kept;
  return wanted.length > 0 ? wanted : undefined;
}
