/** Must a binding be scheduled, and must it be scheduled anew? (compatibility.md section 4, "When it schedules".) */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { appliedPlacement } from '#apis/names/annotations.ts';
import { bindingManagedBy, clusterPolicyId, policyId } from '#apis/names/labels.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { BindingSpec, TargetCluster } from '#apis/work/binding-spec.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { isDivided, isRescheduleAsked } from './strategy.ts';

/** A binding of another scheduler is none of our business. */
export const isOurs = ({ spec }: Binding, schedulerName: string): boolean =>
  (spec.schedulerName || 'default-scheduler') === schedulerName;

/** Bindings nobody claims are left where they are: a policy's deletion keeps what it placed. */
export function isScheduled({ metadata: { labels = {} }, spec }: Binding): boolean {
  const claimed = Boolean(labels[policyId] || labels[clusterPolicyId] || labels[bindingManagedBy]);
  return claimed && spec.placement !== undefined && spec.suspension?.scheduling !== true;
}

/** Go's field order of a placement: the annotation is compared as text by compatible clients. */
const placementOrder = [
  'clusterAffinity',
  'clusterAffinities',
  'clusterTolerations',
  'spreadConstraints',
  'replicaScheduling',
  'workloadAffinity',
] as const satisfies readonly (keyof Placement)[];

/** The text the scheduler records the placement under that it served. */
export function placementText(placement: Placement): string {
  return JSON.stringify(
    Object.fromEntries(
      placementOrder.filter((key) => placement[key] !== undefined).map((key) => [key, placement[key]]),
    ),
  );
}

function recordedPlacement(binding: Binding): Placement | undefined {
  const text = binding.metadata.annotations?.[appliedPlacement];
  // New bindings have none; making an error of each costs as much as deciding about it.
  if (!text) return undefined;
  try {
    return JSON.parse(text) as Placement;
  } catch {
    return undefined;
  }
}

/** Of several affinity groups only the one in use counts, and workload affinity alone is no change. */
function placementChanged(binding: Binding): boolean {
  const { placement = {} } = binding.spec;
  const recorded = recordedPlacement(binding);
  if (!recorded) return true;
  if (deepEqual(recorded, placement)) return false;
  const parts = ['clusterAffinity', 'clusterTolerations', 'spreadConstraints', 'replicaScheduling'] as const;
  if (parts.some((part) => !deepEqual(recorded[part], placement[part]))) return true;
  const name = binding.status?.schedulerObservingAffinityName;
  const term = ({ clusterAffinities = [] }: Placement) => clusterAffinities.find((each) => each.affinityName === name);
  const now = term(placement);
  const groups = (placement.clusterAffinities ?? recorded.clusterAffinities ?? []).length > 0;
  return groups && (now === undefined || !deepEqual(now, term(recorded)));
}

const replicasOf = (targets: readonly TargetCluster[]) => targets.reduce((sum, { replicas = 0 }) => sum + replicas, 0);

const isLeaving = (name: string, clusters: ReadonlyMap<string, Cluster>) =>
  clusters.get(name)?.metadata.deletionTimestamp !== undefined;

/**
 * Divided replicas, and components, stay where they are until something asks for them to move: dealing them anew
 * whenever a cluster or the template changes would restart Pods. Whatever is placed whole, or has no Pods, is looked at
 * each time.
 */
export function needsScheduling(binding: Binding, clusters: ReadonlyMap<string, Cluster>): boolean {
  const { spec, status } = binding;
  const { clusters: targets = [], replicas = 0, components = [] } = spec;
  const hasPods = replicas > 0 || components.length > 0;
  if (!hasPods || !isDivided(spec.placement ?? {})) return true;
  return (
    placementChanged(binding) ||
    (components.length > 0 ? targets.length === 0 : replicasOf(targets) !== replicas) ||
    isRescheduleAsked(spec, status) ||
    targets.some((target) => isLeaving(target.name, clusters))
  );
}

/**
 * Where a binding that is not scheduled (free of any policy, or suspended) may stay: a cluster that leaves is left,
 * or it could never go. The same reference when nothing changes.
 */
export function withoutLeaving(spec: BindingSpec, clusters: ReadonlyMap<string, Cluster>): BindingSpec {
  const { clusters: targets, ...rest } = spec;
  const staying = targets?.filter((target) => !isLeaving(target.name, clusters));
  if (staying?.length === targets?.length) return spec;
  return (staying && staying.length > 0 ? { ...rest, clusters: staying } : rest) as BindingSpec;
}
