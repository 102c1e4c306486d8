/** What PropagationPolicy and ClusterPropagationPolicy may say (compatibility.md section 7). */
import { clusterPolicyId, policyId } from '#apis/names/labels.ts';
import type { ClusterPropagationPolicy } from '#apis/policy/cluster-propagation-policy.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { PropagationSpec } from '#apis/policy/propagation-spec.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { labelValue } from '#kube/names/validate.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { denied, judged } from '../reviewer.ts';
import { validatePlacement } from './placement.ts';

type Policy = PropagationPolicy | ClusterPropagationPolicy;
type Causes = readonly StatusCause[];

function validateFailover({ failover, propagateDeps }: PropagationSpec): Causes {
  const application = failover?.application;
  if (!application) return [];
  const at = 'spec.failover.application';
  const { gracePeriodSeconds: grace, purgeMode, decisionConditions, statePreservation } = application;
  const graceful = purgeMode === 'Gracefully' || purgeMode === 'Graciously';
  const seconds = decisionConditions.tolerationSeconds;
  return [
    ...(propagateDeps
      ? []
      : [
          invalidValue(
            'spec.propagateDeps',
            propagateDeps ?? false,
            'application failover is set, propagateDeps must be true',
          ),
        ]),
    ...(seconds < 0
      ? [invalidValue(`${at}.decisionConditions.tolerationSeconds`, seconds, 'must be greater than or equal to 0')]
      : []),
    ...(grace !== undefined && !graceful
      ? [invalidValue(`${at}.gracePeriodSeconds`, grace, 'only takes effect when purgeMode is gracefully')]
      : []),
    ...(grace === undefined && graceful
      ? [requiredValue(`${at}.gracePeriodSeconds`, 'should not be empty when purgeMode is gracefully')]
      : []),
    ...(grace !== undefined && grace <= 0
      ? [invalidValue(`${at}.gracePeriodSeconds`, grace, 'must be greater than 0')]
      : []),
    ...(statePreservation?.rules ?? []).flatMap((rule, i) =>
      labelValue(rule.aliasLabelName).map((text) =>
        invalidValue(`${at}.statePreservation.rules[${i}].aliasLabelName`, rule.aliasLabelName, text),
      ),
    ),
  ];
}

function validateSelectors(policy: Policy): Causes {
  const { namespace } = policy.metadata;
  const { resourceSelectors, preemption } = policy.spec;
  return resourceSelectors.flatMap((selector, i) => {
    const at = `spec.resourceSelectors[${i}]`;
    const foreign = policy.kind === 'PropagationPolicy' && selector.namespace !== namespace;
    return [
      ...(foreign
        ? [
            invalidValue(
              `${at}.namespace`,
              selector.namespace ?? '',
              'the namespace of resourceSelector must be the same as the namespace of propagationPolicy',
            ),
          ]
        : []),
      ...(preemption === 'Always' && !selector.name
        ? [
            invalidValue(
              `${at}.name`,
              '',
              'name cannot be empty if preemption is Always, the empty name may cause unexpected resources preemption',
            ),
          ]
        : []),
    ];
  });
}

function validateSuspension({ suspension }: PropagationSpec): Causes {
  const names = suspension?.dispatchingOnClusters?.clusterNames ?? [];
  return suspension?.dispatching === true && names.length > 0
    ? [
        invalidValue(
          'spec.suspension',
          true,
          'suspension dispatching cannot co-exist with dispatchingOnClusters.clusterNames',
        ),
      ]
    : [];
}

/** Fixed for life: who schedules what it placed, and the id its claims carry. */
function changedForbidden(policy: Policy, old: Policy, label: string): string | undefined {
  if (policy.spec.schedulerName !== old.spec.schedulerName) {
    return 'the schedulerName should not be updated';
  }
  const [now, before] = [policy.metadata.labels?.[label], old.metadata.labels?.[label]];
  return before !== undefined && now !== before
    ? `label ${label} is immutable, it can only be set by the system during creation`
    : undefined;
}

export const validatePolicy: AdmissionReviewer = ({ object, oldObject, operation }) => {
  const policy = object as KubeObject as Policy;
  const label = policy.kind === 'PropagationPolicy' ? policyId : clusterPolicyId;
  if (operation === 'UPDATE') {
    const why = changedForbidden(policy, oldObject as KubeObject as Policy, label);
    if (why) return denied(why);
  }
  if (!policy.metadata.labels?.[label])
    return denied(`label ${label} is required, it should be set by the mutating admission webhook during creation`);
  const { spec } = policy;
  return judged([
    ...(spec.placement ? validatePlacement(spec.placement, 'spec.placement') : []),
    ...validateFailover(spec),
    ...validateSelectors(policy),
    ...validateSuspension(spec),
  ]);
};
