/** Which policy fits a template best (compatibility.md section 3.1). */
import { type Policy, policyRank } from '#apis/policy/matching.ts';
import type { KubeObject } from '#kube/meta/object.ts';

/** Explicit priority first, then the closer selector, then the smaller name. */
function isBetter(left: Policy, leftRank: number, right: Policy, rightRank: number): boolean {
  if (left.spec.priority !== right.spec.priority) return left.spec.priority > right.spec.priority;
  if (leftRank !== rightRank) return leftRank > rightRank;
  return left.metadata.name! < right.metadata.name!;
}

/** The best matching policy that is not being deleted. */
export function bestPolicy<P extends Policy>(policies: readonly P[], template: KubeObject): P | undefined {
  let best: P | undefined;
  let bestRank = 0;
  for (const policy of policies) {
    if (policy.metadata.deletionTimestamp) continue;
    const rank = policyRank(policy, template);
    if (rank > 0 && (!best || isBetter(policy, rank, best, bestRank))) {
      best = policy;
      bestRank = rank;
    }
  }
  return best;
}
