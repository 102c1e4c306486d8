/** Step 6, the decision: what a binding says of its Works (compatibility.md section 3.6). */
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { AggregatedStatusItem, BindingStatus } from '#apis/work/binding-spec.ts';
import type { Work } from '#apis/work/work.ts';
import { findCondition, setCondition } from '#kube/conditions/conditions.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';

const messages = {
  success: 'All works have been successfully applied',
  failed: 'Failed to apply all works, see status.aggregatedStatus for details',
} as const;

/** The status of the manifest that is the binding's template. */
function manifestStatusOf(work: Work, { resource }: Binding['spec']) {
  const { group, version } = parseApiVersion(resource.apiVersion);
  return work.status?.manifestStatuses?.find(
    ({ identifier }) =>
      (identifier.group ?? '') === group &&
      identifier.version === version &&
      identifier.kind === resource.kind &&
      identifier.name === resource.name &&
      (identifier.namespace ?? '') === (resource.namespace ?? ''),
  );
}

function itemFor(work: Work, binding: Binding): AggregatedStatusItem {
  const clusterName = clusterOfExecutionNamespace(work.metadata.namespace!) ?? '';
  const applied = findCondition(work.status?.conditions, 'Applied');
  if (applied?.status !== 'True') {
    return { clusterName, ...(applied?.message ? { appliedMessage: applied.message } : {}), health: 'Unknown' };
  }
  const manifest = manifestStatusOf(work, binding.spec);
  return {
    applied: true,
    clusterName,
    ...(manifest?.status ? { status: manifest.status } : {}),
    health: manifest?.health ?? 'Unknown',
  };
}

/** One item for each Work that is not being deleted, by cluster. */
function aggregatedStatus(binding: Binding, works: readonly Work[]): readonly AggregatedStatusItem[] {
  return works
    .filter((work) => !work.metadata.deletionTimestamp)
    .map((work) => itemFor(work, binding))
    .sort((left, right) => (left.clusterName < right.clusterName ? -1 : 1));
}

/** Clusters that must have applied before the binding is fully applied. */
function targetNames({
  clusters = [],
  requiredBy = [],
  gracefulEvictionTasks = [],
}: Binding['spec']): ReadonlySet<string> {
  return new Set([
    ...clusters.map((target) => target.name),
    ...requiredBy.flatMap((dependent) => (dependent.clusters ?? []).map((target) => target.name)),
    ...gracefulEvictionTasks
      .filter((task) => task.purgeMode !== 'Immediately' && task.purgeMode !== 'Directly')
      .map((task) => task.fromCluster),
  ]);
}

function isFullyApplied(binding: Binding, items: readonly AggregatedStatusItem[]): boolean {
  const targets = targetNames(binding.spec);
  return (
    targets.size > 0 &&
    targets.size === items.length &&
    items.every((item) => item.applied && targets.has(item.clusterName))
  );
}

/** Every target has a Work, and each of them has said whether it is applied and, if it is, how it is. */
export function isSettled(binding: Binding, works: readonly Work[]): boolean {
  const living = works.filter((work) => !work.metadata.deletionTimestamp);
  return (
    living.length === targetNames(binding.spec).size &&
    living.every(({ status }) => {
      const applied = findCondition(status?.conditions, 'Applied');
      return applied !== undefined && (applied.status !== 'True' || (status?.manifestStatuses ?? []).length > 0);
    })
  );
}

/** The binding's status after its Works; `now` is RFC 3339. Other parts of the status are the scheduler's. */
export function bindingStatus(binding: Binding, works: readonly Work[], now: string): BindingStatus {
  const items = aggregatedStatus(binding, works);
  const full = isFullyApplied(binding, items);
  const condition = {
    type: 'FullyApplied',
    status: full ? ('True' as const) : ('False' as const),
    reason: full ? 'FullyAppliedSuccess' : 'FullyAppliedFailed',
    message: full ? messages.success : messages.failed,
  };
  return {
    ...binding.status,
    conditions: setCondition(binding.status?.conditions, condition, now) as BindingStatus['conditions'],
    ...(items.length > 0 || binding.status?.aggregatedStatus ? { aggregatedStatus: items } : {}),
  };
}
