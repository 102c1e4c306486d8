/** Must a binding be scheduled now? (compatibility.md section 4, "When it schedules".) Pure. */
import { appliedPlacement } from '#apis/names/annotations.ts';
import { bindingManagedBy, clusterPolicyId, policyId } from '#apis/names/labels.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { Binding } from '#apis/work/binding.ts';

/** Bindings nobody claims are left as they are: a policy's deletion keeps what it placed. */
export function isScheduled(binding: Binding, schedulerName: string): boolean {
  const labels = binding.metadata.labels ?? {};
  const claimed = Boolean(labels[policyId] || labels[clusterPolicyId] || labels[bindingManagedBy]);
  return (
    claimed &&
    (binding.spec.schedulerName || 'default-scheduler') === schedulerName &&
    binding.spec.placement !== undefined &&
    binding.spec.suspension?.scheduling !== true
  );
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

export const recordedPlacement = (binding: Binding): string | undefined =>
  binding.metadata.annotations?.[appliedPlacement];
