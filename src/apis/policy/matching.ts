/**
 * What a policy's selectors match and which policy goes before which (compatibility.md section 3.1): facts of the kind
 * that detection claims by, and by which rendering tells whose word on preservation counts.
 */
import type { ResourceSelector } from '#apis/meta/selectors.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type LabelMatcher, labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { ClusterPropagationPolicy } from './cluster-propagation-policy.ts';
import type { PropagationPolicy } from './propagation-policy.ts';

export type Policy = PropagationPolicy | ClusterPropagationPolicy;

/** As much of a template as a selector looks at. */
export type Selectable = Pick<KubeObject, 'apiVersion' | 'kind'> & {
  readonly metadata: Pick<KubeObject['metadata'], 'namespace' | 'name' | 'labels'>;
};

/** How closely a selector names its object: 3 by name, 2 by label, 1 by kind alone; 0 when it does not match. */
function selectorRank(selector: ResourceSelector, template: Selectable): 0 | 1 | 2 | 3 {
  const { namespace, name, labels } = template.metadata;
  if (selector.apiVersion !== template.apiVersion || selector.kind !== template.kind) return 0;
  if (selector.namespace && selector.namespace !== namespace) return 0;
  if (selector.name) return selector.name === name ? 3 : 0;
  if (selector.labelSelector) return matcherOf(selector.labelSelector)(labels) ? 2 : 0;
  return 1;
}

type Matches = LabelMatcher['matches'];
const matchers = new WeakMap<object, Matches>();

/** One that cannot be read (stored before admission refused such) matches nothing, and no template suffers from it. */
function matcherOf(selector: NonNullable<ResourceSelector['labelSelector']>): Matches {
  let matches = matchers.get(selector);
  if (!matches) {
    try {
      matches = labelSelectorMatcher(selector).matches;
    } catch {
      matches = () => false;
    }
    matchers.set(selector, matches);
  }
  return matches;
}

/** The rank of the closest of these selectors; 0 when none matches. */
export const closestRank = (selectors: readonly ResourceSelector[], template: Selectable): number =>
  selectors.reduce((best, selector) => Math.max(best, selectorRank(selector, template)), 0);

/** The rank of a policy's closest selector; 0 when none matches or the policy belongs to another namespace. */
export function policyRank(policy: Policy, template: Selectable): number {
  if (policy.kind === 'PropagationPolicy' && policy.metadata.namespace !== template.metadata.namespace) return 0;
  return closestRank(policy.spec.resourceSelectors, template);
}

/** May `rival` take a template from `holder`? Any PropagationPolicy from a ClusterPropagationPolicy, never back. */
export function mayPreempt(rival: Policy, holder: Policy): boolean {
  if (rival.spec.preemption !== 'Always' || rival.metadata.deletionTimestamp) return false;
  if (rival.kind === 'PropagationPolicy' && holder.kind === 'ClusterPropagationPolicy') return true;
  return rival.kind === holder.kind && rival.spec.priority > holder.spec.priority;
}
