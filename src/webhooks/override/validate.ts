/** What OverridePolicy and ClusterOverridePolicy may say (compatibility.md section 7). */
import { checkLabelSelector } from '#apis/kubernetes/native/validate/labels.ts';
import type { OverrideSpec } from '#apis/policy/override-spec.ts';
import type { AnyOverridePolicy } from '#apis/policy/overrides/select.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { validateAffinity } from '../policy/affinity.ts';
import { judged } from '../reviewer.ts';
import { hasOverriders, validateOverriders } from './overriders.ts';

type Causes = readonly StatusCause[];

function validateSelectors({ kind, metadata, spec }: AnyOverridePolicy): Causes {
  return (spec.resourceSelectors ?? []).flatMap(({ namespace, labelSelector }, i) => {
    const at = `spec.resourceSelectors[${i}]`;
    const causes: StatusCause[] = [];
    if (kind === 'OverridePolicy' && namespace !== metadata.namespace) {
      const why = 'the namespace of resourceSelector must be the same as the namespace of overridePolicy';
      causes.push(invalidValue(`${at}.namespace`, namespace ?? '', why));
    }
    checkLabelSelector(causes, `${at}.labelSelector`, labelSelector);
    return causes;
  });
}

/** The form before rules: alone it is as good as one rule. */
function validateOldForm({ targetCluster, overriders, overrideRules }: OverrideSpec): Causes {
  const causes: StatusCause[] = [];
  if (targetCluster) {
    causes.push(...validateAffinity(targetCluster, 'spec.targetCluster'));
    if (overrideRules) {
      causes.push(invalidValue('spec.targetCluster', targetCluster, "overrideRules and targetCluster can't co-exist"));
    }
  }
  if (overriders) causes.push(...validateOverriders(overriders, 'spec.overriders'));
  if (overrideRules && hasOverriders(overriders)) {
    causes.push(invalidValue('spec.overriders', overriders, "overrideRules and overriders can't co-exist"));
  }
  return causes;
}

export const validateOverride: AdmissionReviewer = ({ object }) => {
  const policy = object as KubeObject as AnyOverridePolicy;
  return judged([
    ...validateSelectors(policy),
    ...validateOldForm(policy.spec),
    ...(policy.spec.overrideRules ?? []).flatMap(({ targetCluster, overriders }, i) => [
      ...(targetCluster ? validateAffinity(targetCluster, `spec.overrideRules[${i}].targetCluster`) : []),
      ...validateOverriders(overriders, `spec.overrideRules[${i}].overriders`),
    ]),
  ]);
};
