/** The policy that keeps a promoted template in the cluster it came from (compatibility.md section 10). Pure. */
import { propagateClosure, propagateClosureOn } from '#apis/names/annotations.ts';
import { policyNameFor } from '#apis/names/objects.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { apiVersionOf, gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

/** What comes along with a template: nothing, what its interpreter says it needs, all that belongs to it. */
export type Along = 'nothing' | 'dependencies' | 'closure';

export interface PromotedPolicyInput {
  readonly template: UnstructuredObject;
  readonly cluster: string;
  /** '' for the name that is made of the template's. */
  readonly policyName: string;
  readonly along: Along;
}

/** As `promote` sends it: what the webhooks fill in is not there. */
export function promotedPolicy({ template, cluster, policyName, along }: PromotedPolicyInput): Policy {
  const { apiVersion, kind, metadata } = template;
  const { namespace } = metadata;
  const name = metadata.name!;
  const policyKind = namespace ? PropagationPolicyKind : ClusterPropagationPolicyKind;
  return {
    apiVersion: apiVersionOf(policyKind),
    kind: policyKind.kind,
    metadata: {
      ...(namespace ? { namespace } : {}),
      name: policyName || policyNameFor(gvkOf(template), name, namespace),
      ...(along === 'closure' ? { annotations: { [propagateClosure]: propagateClosureOn } } : {}),
    },
    spec: {
      conflictResolution: 'Overwrite',
      placement: { clusterAffinity: { clusterNames: [cluster] } },
      preserveResourcesOnDeletion: true,
      ...(along === 'nothing' ? {} : { propagateDeps: true }),
      resourceSelectors: [{ apiVersion, kind, name }],
    },
  } as unknown as Policy;
}
