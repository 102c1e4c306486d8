/** Which clusters may hold a template; each refusal has its reason (compatibility.md section 4, filter plugins). */
import { clusterMatches } from '#apis/cluster/affinity.ts';
import type { Taint } from '#apis/cluster/cluster.ts';
import type { ClusterAffinity, Toleration } from '#apis/meta/selectors.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { FleetCluster } from './fleet.ts';

/** Undefined: it may. Otherwise why not, in the words the reference counts refusals by. */
type Filter = (cluster: FleetCluster, context: FilterContext) => string | undefined;

interface FilterContext {
  readonly spec: BindingSpec;
  readonly affinity: ClusterAffinity | undefined;
  /** The cluster holds the template already: new obstacles do not drive it out. */
  readonly isTarget: boolean;
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return (toleration.operator || 'Equal') === 'Equal' && (toleration.value ?? '') === (taint.value ?? '');
}

const apiEnablement: Filter = (cluster, { spec, isTarget }) => {
  if (isTarget) return undefined;
  const { apiVersion, kind } = spec.resource;
  return cluster.offers(apiVersion, kind) ? undefined : 'cluster(s) did not have the API resource';
};

const taints: Filter = (cluster, { spec, isTarget }) => {
  if (isTarget) return undefined;
  const tolerations = spec.placement?.clusterTolerations ?? [];
  const untolerated = cluster.taints.find((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
  if (!untolerated) return undefined;
  const { key, value, effect } = untolerated;
  return `cluster(s) had untolerated taint {${key}${value ? `=${value}` : ''}:${effect}}`;
};

const affinity: Filter = ({ cluster }, context) =>
  clusterMatches(cluster, context.affinity)
    ? undefined
    : 'cluster(s) did not match the placement cluster affinity constraint';

const eviction: Filter = (cluster, { spec }) =>
  spec.gracefulEvictionTasks?.some((task) => task.fromCluster === cluster.name)
    ? 'cluster(s) is in the process of eviction'
    : undefined;

const filters: readonly Filter[] = [apiEnablement, taints, affinity, eviction];

export interface Filtered {
  readonly fit: readonly FleetCluster[];
  /** Reason -> number of clusters refused for it. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Clusters being deleted are dropped before the filters and counted in no reason, as the reference does. */
export function filterClusters(
  clusters: readonly FleetCluster[],
  spec: BindingSpec,
  wanted: ClusterAffinity | undefined,
): Filtered {
  const targets = new Set((spec.clusters ?? []).map((target) => target.name));
  const fit: FleetCluster[] = [];
  const refused = new Map<string, number>();
  for (const cluster of clusters) {
    if (cluster.leaving) continue;
    const context = { spec, affinity: wanted, isTarget: targets.has(cluster.name) };
    const why = filters.reduce<string | undefined>((found, filter) => found ?? filter(cluster, context), undefined);
    if (why === undefined) fit.push(cluster);
    else refused.set(why, (refused.get(why) ?? 0) + 1);
  }
  return { fit, refused };
}

/** `0/2 clusters are available: 1 cluster(s) did not match …, 1 …`. */
export function fitErrorMessage(total: number, refused: ReadonlyMap<string, number>): string {
  if (total === 0) return 'no clusters available to schedule';
  // Clusters that are going are refused for no reason of their own.
  if (refused.size === 0) return `0/${total} clusters are available.`;
  const reasons = [...refused].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${total} clusters are available: ${reasons.join(', ')}.`;
}
