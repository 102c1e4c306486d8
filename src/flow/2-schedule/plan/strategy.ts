/** What a placement asks of replicas: whether they are divided, by what, and what that needs to know. */
import type { Placement } from '#apis/policy/placement.ts';
import type { BindingSpec, BindingStatus } from '#apis/work/binding-spec.ts';
import { parseTime } from '#kube/meta/time.ts';

export type Strategy = 'Duplicated' | 'StaticWeight' | 'DynamicWeight' | 'Aggregated';

export const isDivided = ({ replicaScheduling }: Placement): boolean =>
  replicaScheduling?.replicaSchedulingType === 'Divided';

/** Without a preference replicas are divided by weight, as the policies' webhook says it for them. */
export function strategyOf(placement: Placement): Strategy {
  if (!isDivided(placement)) return 'Duplicated';
  const { replicaDivisionPreference, weightPreference } = placement.replicaScheduling!;
  if (replicaDivisionPreference === 'Aggregated') return 'Aggregated';
  return weightPreference?.dynamicWeight ? 'DynamicWeight' : 'StaticWeight';
}

/** Replicas are placed by what clusters have room for. */
export const isDynamic = (strategy: Strategy): boolean => strategy === 'DynamicWeight' || strategy === 'Aggregated';

/**
 * A template whose replicas are given to clusters: 0 counts only where the binding says what a replica needs. One of
 * several kinds of Pods is placed whole.
 */
export const isWorkload = ({ replicas = 0, replicaRequirements, components = [] }: BindingSpec): boolean =>
  (replicas > 0 || replicaRequirements !== undefined) && components.length <= 1;

/** Whoever asked for it wants all replicas placed anew; before the first success there is nothing to place anew. */
export function isRescheduleAsked({ rescheduleTriggeredAt }: BindingSpec, status: BindingStatus | undefined): boolean {
  const last = status?.lastScheduledTime;
  return (
    rescheduleTriggeredAt !== undefined && last !== undefined && parseTime(rescheduleTriggeredAt) > parseTime(last)
  );
}
