/** Pods of a workload that no node takes, and have waited long enough to say so (pkg/estimator/server/replica). Pure. */
import type { Pod, ReplicaSet } from '#apis/kubernetes/types.ts';
import { parseTimestamp } from '#world/clock/clock.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The ReplicaSet a Deployment rolls out to: what older ones still have is on its way out. */
export function newestOf<Set extends Pick<ReplicaSet, 'metadata'>>(sets: readonly Set[]): Set | undefined {
  const revision = ({ metadata }: Set) => Number(metadata.annotations?.[revisionAnnotation] ?? 0);
  return sets.reduce<Set | undefined>(
    (newest, set) => (newest && revision(newest) >= revision(set) ? newest : set),
    undefined,
  );
}

/** How many have been Unschedulable for longer than the threshold; a negative one is none. */
export function unschedulableAmong(pods: readonly Pick<Pod, 'status'>[], thresholdMs: number, nowMs: number): number {
  const before = nowMs - Math.max(0, thresholdMs);
  return pods.filter(({ status }) => {
    const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    return (
      condition?.status === 'False' &&
      condition.reason === 'Unschedulable' &&
      parseTimestamp(condition.lastTransitionTime ?? '') < before
    );
  }).length;
}
