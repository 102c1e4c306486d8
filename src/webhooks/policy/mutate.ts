/** Defaults of PropagationPolicy and ClusterPropagationPolicy (compatibility.md section 7). */
import { clusterPolicy, policy as policyFinalizer } from '#apis/names/finalizers.ts';
import { clusterPolicyId, policyId } from '#apis/names/labels.ts';
import type { ClusterPropagationPolicy } from '#apis/policy/cluster-propagation-policy.ts';
import type { Placement } from '#apis/policy/placement.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { PropagationSpec } from '#apis/policy/propagation-spec.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { mutated } from '../reviewer.ts';

type Policy = PropagationPolicy | ClusterPropagationPolicy;

/** Seconds an application that is left gracefully gets where nobody says. */
const defaultGracePeriodSeconds = 600;

function placementDefaults(placement: Placement): Placement {
  const spreadConstraints = placement.spreadConstraints?.map((constraint) => ({
    ...constraint,
    ...(constraint.spreadByField || constraint.spreadByLabel ? {} : { spreadByField: 'cluster' as const }),
    minGroups: constraint.minGroups || 1,
  }));
  const scheduling = placement.replicaScheduling;
  const divided = scheduling?.replicaSchedulingType === 'Divided' && !scheduling.replicaDivisionPreference;
  return {
    ...placement,
    ...(spreadConstraints ? { spreadConstraints } : {}),
    ...(divided ? { replicaScheduling: { ...scheduling, replicaDivisionPreference: 'Weighted' as const } } : {}),
  };
}

function failoverDefaults(failover: NonNullable<PropagationSpec['failover']>): PropagationSpec['failover'] {
  const { application } = failover;
  const graceful = application?.purgeMode === 'Gracefully' || application?.purgeMode === 'Graciously';
  if (!application || !graceful || application.gracePeriodSeconds !== undefined) return failover;
  return { ...failover, application: { ...application, gracePeriodSeconds: defaultGracePeriodSeconds } };
}

function specDefaults(spec: PropagationSpec, namespace: string | undefined): PropagationSpec {
  const selectors = spec.resourceSelectors.map((selector) =>
    namespace && !selector.namespace ? { ...selector, namespace } : selector,
  );
  const imports = spec.resourceSelectors.some((selector) => selector.kind === 'ServiceImport');
  return {
    ...spec,
    resourceSelectors: selectors,
    placement: placementDefaults(spec.placement ?? {}),
    ...(spec.failover ? { failover: failoverDefaults(spec.failover) } : {}),
    ...(imports ? { propagateDeps: true } : {}),
  };
}

/** A new policy gets an id of its own, whatever the client sent, and the finalizer its clean-up needs. */
function identified(policy: Policy, label: string, finalizer: string, newId: () => string): Policy {
  const { metadata } = policy;
  const finalizers = metadata.finalizers ?? [];
  return {
    ...policy,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [label]: newId() },
      finalizers: finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer],
    },
  };
}

export function mutatePolicy(newId: () => string): AdmissionReviewer {
  return ({ object, operation }) => {
    const policy = object as KubeObject as Policy;
    const namespaced = policy.kind === 'PropagationPolicy';
    const spec = specDefaults(policy.spec, namespaced ? policy.metadata.namespace : undefined);
    const defaulted = deepEqual(spec, policy.spec) ? policy : ({ ...policy, spec } as Policy);
    if (operation !== 'CREATE') return mutated(policy, defaulted);
    const [label, finalizer] = namespaced ? [policyId, policyFinalizer] : [clusterPolicyId, clusterPolicy];
    return mutated(policy, identified(defaulted, label, finalizer, newId));
  };
}
