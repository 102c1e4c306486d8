/** Defaults of OverridePolicy (compatibility.md section 7): a selector is for the policy's own namespace. */
import type { OverridePolicy } from '#apis/policy/override-policy.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { allowed, mutated } from '../reviewer.ts';

export const mutateOverride: AdmissionReviewer = ({ object }) => {
  const policy = object as KubeObject as OverridePolicy;
  const { namespace } = policy.metadata;
  const { resourceSelectors } = policy.spec;
  if (!resourceSelectors?.some((selector) => !selector.namespace)) return allowed;
  const selectors = resourceSelectors.map((selector) => (selector.namespace ? selector : { ...selector, namespace }));
  return mutated(policy, { ...policy, spec: { ...policy.spec, resourceSelectors: selectors } } as KubeObject);
};
