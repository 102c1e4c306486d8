/** Which Pods go first when there are too many: Kubernetes' order of preference for deletion. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { parseTime } from '#kube/meta/time.ts';
import { isActive, isReady, readySince, restartsOf } from './pod-state.ts';

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

const phaseRank = { Pending: 0, Unknown: 1, Running: 2 } as const;

const costOf = ({ metadata }: Pod): number => {
  const cost = Number(metadata.annotations?.[deletionCost] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
};

/** Ages are told apart by powers of two, so that of Pods about as old as each other any may go. */
const ageRank = (since: number, now: number): number =>
  since >= now ? -1 : Math.floor(Math.log2(Math.max(1, (now - since) * 1_000_000)));

const rankOfPhase = ({ status }: Pod): number => phaseRank[(status?.phase ?? 'Pending') as keyof typeof phaseRank] ?? 3;

interface Ranked {
  readonly pod: Pod;
  /** Each from most to least dispensable. */
  readonly ranks: readonly number[];
}

function ranksOf(pod: Pod, onNode: ReadonlyMap<string, number>, now: number): Ranked {
  const node = pod.spec.nodeName ?? '';
  const since = readySince(pod);
  return {
    pod,
    ranks: [
      node === '' ? 0 : 1,
      rankOfPhase(pod),
      isReady(pod) ? 1 : 0,
      costOf(pod),
      -(onNode.get(node) ?? 0),
      Number.isNaN(since) ? 0 : ageRank(since, now),
      -restartsOf(pod),
      ageRank(parseTime(pod.metadata.creationTimestamp ?? ''), now),
    ],
  };
}

function compare(left: Ranked, right: Ranked): number {
  for (let i = 0; i < left.ranks.length; i++) {
    const difference = left.ranks[i]! - right.ranks[i]!;
    if (difference !== 0) return difference;
  }
  return (left.pod.metadata.uid ?? '') < (right.pod.metadata.uid ?? '') ? -1 : 1;
}

/**
 * The `count` most dispensable of `pods`. `related` are the Pods of the same application, which these are spread
 * against: of two that are alike the one with more of them on its node goes.
 */
export function podsToDelete(
  pods: readonly Pod[],
  related: readonly Pod[],
  count: number,
  now: number,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  const onNode = new Map<string, number>();
  for (const { spec } of related.filter(isActive)) {
    if (spec.nodeName) onNode.set(spec.nodeName, (onNode.get(spec.nodeName) ?? 0) + 1);
  }
  return pods
    .map((pod) => ranksOf(pod, onNode, now))
    .sort(compare)
    .slice(0, Math.max(0, count))
    .map(({ pod }) => pod);
}
