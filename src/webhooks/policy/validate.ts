/** What PropagationPolicy and ClusterPropagationPolicy may say (compatibility.md section 7). */
import { checkLabelSelector } from '#apis/kubernetes/native/validate/labels.ts';
import { clusterPolicyId, policyId } from '#apis/names/labels.ts';
import { isReservedNamespace } from '#apis/names/objects.ts';
import type { ClusterPropagationPolicy } from '#apis/policy/cluster-propagation-policy.ts';
import type { PropagationPolicy } from '#apis/policy/propagation-policy.ts';
import type { PropagationSpec } from '#apis/policy/propagation-spec.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import { isJsonPathTemplate } from '#kube/jsonpath/jsonpath.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { labelValue, qualifiedName } from '#kube/names/validate.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { allowed, denied, judged } from '../reviewer.ts';
import { validatePlacement } from './placement.ts';

type Policy = PropagationPolicy | ClusterPropagationPolicy;
type Causes = readonly StatusCause[];
type Preservation = NonNullable<NonNullable<PropagationSpec['failover']>['cluster']>['statePreservation'];

function validatePreservation(preservation: Preservation, at: string): Causes {
  return (preservation?.rules ?? []).flatMap(({ aliasLabelName: name, jsonPath }, i) => {
    const rule = `${at}.statePreservation.rules[${i}]`;
    const problem = jsonPathProblem(jsonPath);
    return [
      ...qualifiedName(name).map((text) => invalidValue(`${rule}.aliasLabelName`, name, text)),
      ...(problem === undefined ? [] : [invalidValue(`${rule}.jsonPath`, jsonPath, problem)]),
    ];
  });
}

/** The reference finds out when the application has to move, and then leaves it where it fails. */
function jsonPathProblem(jsonPath: string): string | undefined {
  const example = "write it as in '{.replicas}'";
  try {
    // A text without a path is carried as it stands.
    if (isJsonPathTemplate(jsonPath) || labelValue(jsonPath).length === 0) return undefined;
    return `it has no path in braces, and is itself no label value; ${example}`;
  } catch (error) {
    if (error instanceof SyntaxError) return `${error.message}; ${example}`;
    throw error;
  }
}

function validateApplicationFailover({ failover, propagateDeps = false }: PropagationSpec): Causes {
  const application = failover?.application;
  if (!application) return [];
  const at = 'spec.failover.application';
  const { gracePeriodSeconds: grace, purgeMode, decisionConditions, statePreservation } = application;
  const graceful = purgeMode === 'Gracefully' || purgeMode === 'Graciously';
  const seconds = decisionConditions.tolerationSeconds;
  const causes: StatusCause[] = [];
  const refuse = (field: string, value: unknown, why: string) => causes.push(invalidValue(field, value, why));
  if (!propagateDeps)
    refuse('spec.propagateDeps', propagateDeps, 'application failover is set, propagateDeps must be true');
  if (seconds < 0) refuse(`${at}.decisionConditions.tolerationSeconds`, seconds, 'must be greater than or equal to 0');
  if (grace !== undefined && !graceful)
    refuse(`${at}.gracePeriodSeconds`, grace, 'only takes effect when purgeMode is gracefully');
  if (grace === undefined && graceful)
    refuse(`${at}.gracePeriodSeconds`, null, 'should not be empty when purgeMode is gracefully');
  if (grace !== undefined && grace <= 0) refuse(`${at}.gracePeriodSeconds`, grace, 'must be greater than 0');
  return [...causes, ...validatePreservation(statePreservation, at)];
}

function validateSelectors(policy: Policy): Causes {
  const { namespace } = policy.metadata;
  const { resourceSelectors, preemption } = policy.spec;
  return resourceSelectors.flatMap((selector, i) => {
    const at = `spec.resourceSelectors[${i}]`;
    const causes: StatusCause[] = [];
    checkLabelSelector(causes, `${at}.labelSelector`, selector.labelSelector);
    const foreign = policy.kind === 'PropagationPolicy' && selector.namespace !== namespace;
    return [
      ...causes,
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
          suspension,
          'suspension dispatching cannot co-exist with dispatchingOnClusters.clusterNames',
        ),
      ]
    : [];
}

/** Nothing fails, and nothing would ever happen: whoever writes it should hear of that. */
function warningFor({ kind, metadata: { namespace = '' } }: Policy): string | undefined {
  if (kind !== 'PropagationPolicy') return undefined;
  if (isReservedNamespace(namespace)) return `nothing is propagated from namespace ${namespace}, which is reserved`;
  return usuallySkipped.test(namespace)
    ? `nothing is propagated from namespace ${namespace}, unless --skipped-propagating-namespaces of karmada-controller-manager leaves it out`
    : undefined;
}

/** The default of that flag. */
const usuallySkipped = /^kube-/;

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
  // Nothing it says matters any more, and what keeps it from ending must come off.
  if (policy.metadata.deletionTimestamp) return allowed;
  const { spec } = policy;
  const answer = judged([
    ...(spec.placement ? validatePlacement(spec.placement, 'spec.placement') : []),
    ...validateApplicationFailover(spec),
    ...validatePreservation(spec.failover?.cluster?.statePreservation, 'spec.failover.cluster'),
    ...validateSelectors(policy),
    ...validateSuspension(spec),
  ]);
  const warning = warningFor(policy);
  return answer.allowed && warning ? { ...answer, warnings: [warning] } : answer;
};
