/** Conditions of a node with their two times. Pure. */
import type { NodeCondition } from '#apis/kubernetes/types.ts';

/** Those the kubelet reports, in their order, then what others have said. */
export function nodeConditions(
  reported: readonly NodeCondition[],
  before: readonly NodeCondition[],
  now: string,
): readonly NodeCondition[] {
  const own = reported.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    const since = old?.status === condition.status ? old.lastTransitionTime : now;
    return { ...condition, lastHeartbeatTime: now, lastTransitionTime: since ?? now };
  });
  return [...own, ...before.filter(({ type }) => !reported.some((each) => each.type === type))];
}
