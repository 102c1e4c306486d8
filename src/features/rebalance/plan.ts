/** What a WorkloadRebalancer has to do and what it tells of it (compatibility.md section 9). Pure. */
import type { WorkloadRebalancer } from '#apis/apps/workload-rebalancer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { parseTime } from '#kube/meta/time.ts';

export type Workload = WorkloadRebalancer['spec']['workloads'][number];
type Status = NonNullable<WorkloadRebalancer['status']>;
export type Observed = NonNullable<Status['observedWorkloads']>[number];

const identityOf = ({ apiVersion, kind, namespace = '', name }: Workload): string =>
  `${apiVersion} ${kind} ${namespace} ${name}`;
const byIdentity = (left: Observed, right: Observed) =>
  identityOf(left.workload) < identityOf(right.workload) ? -1 : 1;

/** Each workload of the spec with what is known of it; one that left the spec stays where it was successful. */
export function observedIn({ spec, status }: WorkloadRebalancer): readonly Observed[] {
  const wanted = new Map(spec.workloads.map((workload) => [identityOf(workload), workload]));
  const known: Observed[] = [];
  for (const item of status?.observedWorkloads ?? []) {
    const isWanted = wanted.delete(identityOf(item.workload));
    if (isWanted || item.result === 'Successful') known.push(item);
  }
  return [...known, ...Array.from(wanted.values(), (workload) => ({ workload }))].toSorted(byIdentity);
}

export type Outcome = 'Successful' | 'NotFound' | 'again';

/** The item after a try; one that has to be tried again has no result. */
export function resultOf(item: Observed, outcome: Outcome): Observed {
  const { workload } = item;
  if (outcome === 'Successful') return { workload, result: 'Successful' };
  return outcome === 'NotFound' ? { workload, result: 'Failed', reason: 'ReferencedBindingNotFound' } : { workload };
}

/** The status after the tries; the same reference where nothing changes. `now` is RFC 3339. */
export function statusAfter(rebalancer: WorkloadRebalancer, items: readonly Observed[], now: string): Status {
  const { status, metadata } = rebalancer;
  const { finishTime, ...before } = status ?? {};
  const after = { ...before, observedGeneration: metadata.generation, observedWorkloads: items };
  if (deepEqual(after, before)) return status!;
  const isFinished = items.every(({ result }) => result !== undefined);
  return { ...after, ...(isFinished ? { finishTime: now } : finishTime ? { finishTime } : {}) };
}

/** Milliseconds until it is deleted; undefined when it stays. `now`: milliseconds since 1970. */
export function deletedInMs({ spec, status }: WorkloadRebalancer, now: number): number | undefined {
  if (spec.ttlSecondsAfterFinished === undefined || !status?.finishTime) return undefined;
  return Math.max(parseTime(status.finishTime) + spec.ttlSecondsAfterFinished * 1_000 - now, 0);
}

/** A later request to schedule anew is not taken back by an earlier one. */
export const mustTrigger = (triggeredAt: string | undefined, createdAt: string): boolean =>
  triggeredAt === undefined || parseTime(createdAt) > parseTime(triggeredAt);
