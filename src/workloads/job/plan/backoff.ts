/** How long a Job waits before it tries again after failures: 10 s, doubled with each in a row, 10 min at most. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { parseTime } from '#kube/meta/time.ts';

const firstMs = 10_000;
const longestMs = 600_000;

/** When its last container ended; else when it stopped being ready, or was deleted. */
function endOf({ status, metadata }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => parseTime(state?.terminated?.finishedAt ?? ''));
  const known = ends.filter((end) => !Number.isNaN(end));
  if (known.length > 0) return Math.max(...known);
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
  return parseTime(ready ?? metadata.deletionTimestamp ?? metadata.creationTimestamp ?? '') || 0;
}

/** Milliseconds to wait still; 0 when the next Pod may be made. `pods`: those of the Job, or of one index. */
export function backoffMs(pods: readonly Pod[], now: number): number {
  const lastSuccess = Math.max(0, ...pods.filter(({ status }) => status?.phase === 'Succeeded').map(endOf));
  const failures = pods
    .filter(({ status }) => status?.phase === 'Failed')
    .map(endOf)
    .filter((end) => end >= lastSuccess);
  if (failures.length === 0) return 0;
  const delay = Math.min(longestMs, firstMs * 2 ** Math.min(failures.length - 1, 16));
  return Math.max(0, Math.max(...failures) + delay - now);
}
