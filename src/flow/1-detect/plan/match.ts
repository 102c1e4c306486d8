/** Which policy fits a template best (compatibility.md section 3.1). */
import type { ResourceSelector } from '#apis/meta/selectors.ts';
import type { ClusterPropagationPolicy } from '#apis/policy/cluster-propagation-policy.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';

export type Policy = PropagationPolicy | ClusterPropagationPolicy;

/** How closely a selector names its object: 3 by name, 2 by label, 1 by kind alone; 0 when it does not match. */
export function selectorRank(selector: ResourceSelector, template: KubeObject): 0 | 1 | 2 | 3 {
  const { namespace, name, labels } = template.metadata;
  if (selector.apiVersion !== template.apiVersion || selector.kind !== template.kind) return 0;
  if (selector.namespace && selector.namespace !== namespace) return 0;
  if (selector.name) return selector.name === name ? 3 : 0;
  if (selector.labelSelector) return labelSelectorMatcher(selector.labelSelector).matches(labels) ? 2 : 0;
  return 1;
}

/** The rank of a policy's closest selector; 0 when none matches or the policy belongs to another namespace. */
export function policyRank(policy: Policy, template: KubeObject): number {
  if (policy.kind === 'PropagationPolicy' && policy.metadata.namespace !== template.metadata.namespace) return 0;
  return policy.spec.resourceSelectors.reduce((best, selector) => Math.max(best, selectorRank(selector, template)), 0);
}

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
