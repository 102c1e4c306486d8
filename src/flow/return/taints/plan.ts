/**
 * Which clusters a binding has to leave because of their NoExecute taints, and when (compatibility.md section 5). What
 * it tolerates is what its placement said when it was scheduled. Pure.
 */
import type { Cluster, Taint } from '#apis/cluster/cluster.ts';
import { tolerates } from '#apis/kubernetes/fit/taints.ts';
import type { Taint as NodeTaint, Toleration } from '#apis/kubernetes/types.ts';
import { appliedPlacement } from '#apis/names/annotations.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { Binding } from '#apis/work/binding.ts';
import { parseTime } from '#kube/meta/time.ts';

/** What becomes of the copy in the cluster that is left, where the policy does not say. */
export type PurgeMode = 'Gracefully' | 'Directly';

export interface Departures {
  /** Clusters to be left now, in the order of the targets. */
  readonly leaving: readonly string[];
  /** When time alone will change the answer; undefined when it will not. */
  readonly nextMs?: number;
}

export const noExecuteTaints = (cluster: Cluster | undefined): readonly Taint[] =>
  (cluster?.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

/** Undefined while nobody has scheduled it. Throws on what is no JSON. */
function tolerationsOf({ metadata }: Binding): readonly Toleration[] | undefined {
  const text = metadata.annotations?.[appliedPlacement];
  if (text === undefined) return undefined;
  return ((JSON.parse(text) as Placement).clusterTolerations as readonly Toleration[] | undefined) ?? [];
}

/**
 * Milliseconds until the first taint is tolerated no longer: 0 for at once, infinite for never. Of each taint the first
 * toleration that fits says whether it is tolerated at all, and every limit of those found so holds for each taint it
 * fits: one without a time, or for a taint without a date, holds for ever.
 */
export function staysMs(taints: readonly Taint[], tolerations: readonly Toleration[], now: number): number {
  const all = taints as readonly NodeTaint[];
  const used = all.map((taint) => tolerations.find((toleration) => tolerates(toleration, taint)));
  if (used.some((toleration) => !toleration)) return 0;
  const ends = used.flatMap((toleration) =>
    all
      .filter(
        (taint) => toleration!.tolerationSeconds !== undefined && taint.timeAdded && tolerates(toleration!, taint),
      )
      .map(({ timeAdded }) => parseTime(timeAdded!) + toleration!.tolerationSeconds! * 1_000),
  );
  return Math.max(0, Math.min(...ends) - now);
}

/** `now`: milliseconds since 1970. `undefined`: it was never scheduled, so that nobody knows what it tolerates. */
export function departures(
  binding: Binding,
  clusterOf: (name: string) => Cluster | undefined,
  now: number,
): Departures | undefined {
  const tainted = (binding.spec.clusters ?? []).flatMap(({ name }) => {
    const taints = noExecuteTaints(clusterOf(name));
    return taints.length > 0 ? [{ name, taints }] : [];
  });
  if (tainted.length === 0) return { leaving: [] };
  const tolerations = tolerationsOf(binding);
  if (!tolerations) return undefined;
  const stays = tainted.map(({ name, taints }) => ({ name, ms: staysMs(taints, tolerations, now) }));
  const next = Math.min(...stays.filter(({ ms }) => ms > 0).map(({ ms }) => ms));
  return {
    leaving: stays.filter(({ ms }) => ms === 0).map(({ name }) => name),
    ...(Number.isFinite(next) ? { nextMs: next } : {}),
  };
}

/** The policy's word goes before the flag's; a policy that has one on clusters and no mode means gracefully. */
export const purgeModeOf = ({ spec }: Binding, flag: PurgeMode): PurgeMode =>
  spec.failover?.cluster ? (spec.failover.cluster.purgeMode ?? 'Gracefully') : flag;
